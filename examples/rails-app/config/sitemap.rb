SitemapGenerator::Sitemap.default_host = Rails.configuration.x.public_url
SitemapGenerator::Sitemap.public_path = Rails.configuration.x.sitemap_dir.to_s

SitemapGenerator::Sitemap.create do
  Resume.select(:id, :updated_at).find_each do |resume|
    add resume_path(resume), lastmod: resume.updated_at, changefreq: "weekly"
  end
end
