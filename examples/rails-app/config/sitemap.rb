::Sitemap.configure(SitemapGenerator::Sitemap)

SitemapGenerator::Sitemap.create do
  Resume.select(:id, :updated_at).find_each do |resume|
    add resume_path(resume), lastmod: resume.updated_at, changefreq: "weekly"
  end
end
