class RobotsController < ApplicationController
  def show
    render plain: "User-agent: *\nAllow: /\nSitemap: #{Rails.configuration.x.public_url}/sitemaps/sitemap.xml.gz\n"
  end
end
