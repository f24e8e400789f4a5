# What search engines ask for.
class CrawlersController < ApplicationController
  def robots
    render plain: "User-agent: *\nAllow: /\nSitemap: #{Rails.configuration.x.public_url}/sitemap.xml.gz\n"
  end

  # Written by `bin/rails sitemap:create`.
  def sitemap
    file = Rails.configuration.x.sitemap_dir.join("sitemap.xml.gz")
    return head :not_found unless file.exist?

    send_file file, type: "application/gzip", disposition: :inline
  end
end
