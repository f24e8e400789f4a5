SitemapGenerator::Sitemap.default_host = Rails.configuration.x.public_url
SitemapGenerator::Sitemap.public_path = ENV.fetch("SITEMAP_DIR", "public")
SitemapGenerator::Sitemap.sitemaps_path = "sitemaps"

SitemapGenerator::Sitemap.create do
  Resume.select(:id, :updated_at).find_each do |resume|
    add resume_path(resume), lastmod: resume.updated_at, changefreq: "weekly"
  end
end
