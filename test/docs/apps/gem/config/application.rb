# What tells a Rails application from another folder.
