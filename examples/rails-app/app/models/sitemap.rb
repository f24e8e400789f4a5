# Where the sitemap is. `bin/rails sitemap:create` puts it into the bucket that SITEMAP_BUCKET names, where visitors find it
# on the asset host; without a bucket it lies in this container's temporary folder, and the app serves it.
module Sitemap
  PATH = "sitemaps/sitemap.xml.gz"
  FOLDER = Pathname(Dir.tmpdir).join("proff")

  class << self
    def url
      "#{host}/#{PATH}"
    end

    def file
      FOLDER.join(PATH)
    end

    def configure(generator)
      generator.default_host = Rails.configuration.x.public_url
      generator.sitemaps_host = host
      generator.sitemaps_path = File.dirname(PATH)
      generator.public_path = FOLDER.to_s
      generator.adapter = adapter
    end

    private

    def bucket
      ENV["SITEMAP_BUCKET"].presence
    end

    def host
      (bucket && Rails.configuration.asset_host) || Rails.configuration.x.public_url
    end

    # The bucket's owner owns every object in it, so an ACL is nothing it accepts.
    def adapter
      return SitemapGenerator::FileAdapter.new unless bucket

      require "aws-sdk-s3"
      SitemapGenerator::AwsSdkAdapter.new(
        bucket, acl: nil, cache_control: "public, max-age=3600", force_path_style: ENV["S3_PATH_STYLE"] == "true"
      )
    end
  end
end
