require_relative "boot"

require "rails"
require "active_model/railtie"
require "active_job/railtie"
require "active_record/railtie"
require "active_storage/engine"
require "action_controller/railtie"
require "action_view/railtie"
require "rails/test_unit/railtie"

Bundler.require(*Rails.groups)

module Proff
  class Application < Rails::Application
    config.load_defaults 8.1
    config.time_zone = "Asia/Tokyo"
    config.generators.system_tests = nil

    # Where visitors reach the app: absolute URLs of the sitemap and of robots.txt.
    config.x.public_url = ENV.fetch("PUBLIC_URL", "https://www.example.com")

    # Where stylesheets and scripts are served from; this app itself when unset.
    config.asset_host = ENV["ASSET_HOST"].presence

    # The sources that Sass reads are not assets themselves.
    config.assets.excluded_paths = [ root.join("app/assets/stylesheets") ]

    # Photos and PDFs. Nobody reaches them but through the app's own controllers: Active Storage's routes would let
    # anybody upload. Photos are shown as they are, so nothing is needed to resize them.
    config.active_storage.service = ENV["UPLOADS_BUCKET"].present? ? :s3 : :local
    config.active_storage.draw_routes = false
    config.active_storage.variant_processor = :disabled
    config.active_storage.analyzers = []
    config.active_storage.previewers = []

    config.active_job.queue_adapter = :solid_queue

    # A load balancer asks for /up by address and without TLS: neither the
    # redirect to https nor the check of the Host header may answer it.
    health_check = ->(request) { request.path == "/up" }
    config.ssl_options = { redirect: { exclude: health_check } }
    config.host_authorization = { exclude: health_check }
    config.silence_healthcheck_path = "/up"
  end
end
