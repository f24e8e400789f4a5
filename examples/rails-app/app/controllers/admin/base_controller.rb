# Everything below /admin, and nothing else, asks for a password. While ADMIN_PASSWORD is not set nobody is let in.
class Admin::BaseController < ApplicationController
  before_action :authenticate

  private

  def authenticate
    password = ENV["ADMIN_PASSWORD"].presence
    return request_http_basic_authentication("Proff") unless password

    http_basic_authenticate_or_request_with name: ENV.fetch("ADMIN_NAME", "admin"), password:, realm: "Proff"
  end
end
