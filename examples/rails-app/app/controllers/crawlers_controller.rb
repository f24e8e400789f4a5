# What search engines ask for.
class CrawlersController < ApplicationController
  def robots
    render plain: "User-agent: *\nDisallow: /admin\nSitemap: #{Sitemap.url}\n"
  end

  # Where it is kept without a bucket.
  def sitemap
    return head :not_found unless Sitemap.file.exist?

    send_file Sitemap.file, type: "application/gzip", disposition: :inline
  end
end
