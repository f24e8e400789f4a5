# What config/initializers/asset_sync.rb and `rake assets:sync` come to, without Rails.
require "json"
require "pathname"
require "fog/aws"
require "asset_sync"

settings = JSON.parse(ARGV[0])
Dir.chdir(settings["tree"])
AssetSync.configure do |config|
  config.fog_provider = "AWS"
  config.fog_directory = settings["bucket"]
  config.fog_region = "us-east-1"
  config.fog_host = settings["hostname"]
  config.fog_port = settings["port"].to_i
  config.fog_scheme = "http"
  config.fog_path_style = true
  config.fog_public = "default"
  config.aws_access_key_id = ENV.fetch("AWS_ACCESS_KEY_ID")
  config.aws_secret_access_key = ENV.fetch("AWS_SECRET_ACCESS_KEY")
  config.public_path = Pathname.new(settings["tree"])
  config.prefix = "assets"
  config.concurrent_uploads = true
end
AssetSync.sync
