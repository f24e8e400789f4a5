ENV["RAILS_ENV"] ||= "test"
require_relative "../config/environment"
require "rails/test_help"
require_relative "support/pdf_service_double"
require_relative "support/environment"

module ActiveSupport
  class TestCase
    include ActiveJob::TestHelper
    include PdfServiceDouble
    include Environment

    fixtures :all

    # A photo as a browser sends it.
    def photo
      Rack::Test::UploadedFile.new(Rails.root.join("db/seeds/hanako.png"), "image/png")
    end
  end
end
