# Everything below /admin, and nothing else, asks for a password. While ADMIN_PASSWORD is not set nobody is let in.
class Admin::BaseController < ApplicationController
  before_action :authenticate

  private

  def authenticate
    expected = ENV["ADMIN_PASSWORD"].presence
    authenticate_or_request_with_http_basic("Proff") do |name, password|
      expected && [ secure_compare(name, ENV.fetch("ADMIN_NAME", "admin")), secure_compare(password, expected) ].all?
    end
  end

  def secure_compare(given, expected)
    ActiveSupport::SecurityUtils.secure_compare(given, expected)
  end
end
