Rails.application.configure do
  config.enable_reloading = false
  config.eager_load = true
  config.consider_all_requests_local = false

  # FORCE_SSL=false is for a container that is reached without a TLS-terminating proxy in front of it.
  config.force_ssl = ActiveModel::Type::Boolean.new.cast(ENV.fetch("FORCE_SSL", "true"))

  # APP_HOSTS=proff.example.com,www.example.com refuses every other Host header.
  config.hosts = ENV.fetch("APP_HOSTS", "").split(",")

  # Names in public/assets carry a fingerprint, so their content never changes.
  config.public_file_server.headers = { "cache-control" => "public, max-age=31536000, immutable" }

  config.log_tags = [ :request_id ]
  config.logger = ActiveSupport::TaggedLogging.logger($stdout)
  config.log_level = ENV.fetch("RAILS_LOG_LEVEL", "info")
  config.active_support.report_deprecations = false

  config.active_record.dump_schema_after_migration = false
  config.active_record.attributes_for_inspect = [ :id ]
end
