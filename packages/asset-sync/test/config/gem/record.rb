# Records which keys and headers the gem asset_sync writes, for the fixtures recorded-*.yml: ruby record.rb > recorded.json
#
# Needs the gems asset_sync and fog-aws, and an S3 in TEST_S3_ENDPOINT, TEST_S3_REGION, TEST_S3_ACCESS_KEY_ID and
# TEST_S3_SECRET_ACCESS_KEY, which may create and remove buckets. No Rails: the gem asks only for what stands here.

require "active_support"
require "active_support/core_ext"
require "active_model"
require "erb"
require "json"
require "pathname"
require "securerandom"
require "tmpdir"
require "uri"
require "fog/aws"

HERE = Pathname(__dir__)
FILES = JSON.parse(HERE.join("recorded-files.json").read)
ENDPOINT = URI(ENV.fetch("TEST_S3_ENDPOINT"))

ENV["AWS_ACCESS_KEY_ID"] = ENV.fetch("TEST_S3_ACCESS_KEY_ID")
ENV["AWS_SECRET_ACCESS_KEY"] = ENV.fetch("TEST_S3_SECRET_ACCESS_KEY")
ENV["FOG_HOST"] = ENDPOINT.host
ENV["FOG_PORT"] = ENDPOINT.port.to_s

module Rails
  class << self
    attr_accessor :root

    def env = "production"
    def public_path = root.join("public")

    def application
      assets = Struct.new(:prefix, :manifest).new("/assets", nil)
      Struct.new(:config).new(Struct.new(:assets).new(assets))
    end
  end
end

require "asset_sync/asset_sync"
require "asset_sync/config"
require "asset_sync/storage"

def connection
  @connection ||= Fog::Storage.new(
    provider: "AWS", aws_access_key_id: ENV["AWS_ACCESS_KEY_ID"], aws_secret_access_key: ENV["AWS_SECRET_ACCESS_KEY"],
    host: ENDPOINT.host, port: ENDPOINT.port, scheme: ENDPOINT.scheme, path_style: true, region: ENV.fetch("TEST_S3_REGION")
  )
end

HEADERS = %w[Cache-Control Content-Disposition Content-Encoding Content-Language Content-Type].freeze

def stored(bucket)
  connection.get_bucket(bucket).body["Contents"].to_h do |row|
    head = connection.head_object(bucket, row["Key"]).headers
    found = HEADERS.filter_map { |name| [name.downcase, head[name]] unless head[name].to_s.empty? }
    [row["Key"], found.to_h.merge("size" => row["Size"])]
  end
end

def record(fixture)
  Dir.mktmpdir do |folder|
    Rails.root = Pathname(folder)
    FILES.each do |name, text|
      file = Rails.root.join("public", name)
      file.dirname.mkpath
      file.write(text)
    end
    Rails.root.join("config").mkpath
    Rails.root.join("config/asset_sync.yml").write(HERE.join("fixtures", fixture).read)
    bucket = ENV["FOG_DIRECTORY"] = "asset-sync-gem-#{SecureRandom.hex(8)}"
    connection.put_bucket(bucket)
    begin
      AssetSync.reset_config!
      AssetSync.instance_variable_set(:@storage, nil)
      AssetSync.sync
      stored(bucket)
    ensure
      stored(bucket).each_key { |key| connection.delete_object(bucket, key) }
      connection.delete_bucket(bucket)
    end
  end
end

names = HERE.join("fixtures").glob("recorded-*.yml").map { |file| file.basename.to_s }.sort
gems = %w[asset_sync fog-aws mime-types].to_h { |name| [name, Gem.loaded_specs.fetch(name).version.to_s] }
puts JSON.pretty_generate(gems: gems, fixtures: names.to_h { |name| [name.delete_suffix(".yml"), record(name)] })
