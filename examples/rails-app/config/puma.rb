threads_count = Integer(ENV.fetch("RAILS_MAX_THREADS", 3))
threads threads_count, threads_count

# Containers that share the host's network each take a port of their own.
port ENV.fetch("PORT", 3000)
