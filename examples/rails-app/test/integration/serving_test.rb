require "test_helper"

class ServingTest < ActionDispatch::IntegrationTest
  test "the health check answers" do
    get "/up"

    assert_response :success
  end

  test "neither the TLS redirect nor host authorization answers the health check" do
    app = ActionDispatch::HostAuthorization.new(
      ActionDispatch::SSL.new(->(_env) { [ 204, {}, [] ] }, **Rails.configuration.ssl_options),
      [ "proff.example.com" ], **Rails.configuration.host_authorization
    )
    status = ->(host, path) { Rack::MockRequest.new(app).get(path, "HTTP_HOST" => host).status }

    assert_equal 204, status.call("10.0.0.7", "/up")
    assert_equal 403, status.call("10.0.0.7", "/")
    assert_equal 301, status.call("proff.example.com", "/")
  end

  test "the page says which release serves it and where its assets are" do
    get root_url

    assert_select "footer code", Rails.configuration.x.release
    assert_select "footer code", "this app"
  end

  test "script and stylesheet come from the asset host" do
    with_asset_host("https://assets.example.com/proff") { get root_url }

    assert_select "script[src^='https://assets.example.com/proff/assets/application-'][defer]"
    assert_select "link[rel=stylesheet][href^='https://assets.example.com/proff/assets/application-']"
  end

  test "photos come from the app, wherever assets come from" do
    resumes(:hanako).update!(photo:)
    with_asset_host("https://assets.example.com") { get root_url }

    assert_select "img.photo[src^=?]", resume_photo_path(resumes(:hanako))
  end

  test "robots are told where the sitemap is" do
    get robots_url
    assert_equal "text/plain", response.media_type
    assert_includes response.body, "Sitemap: https://www.example.com/sitemaps/sitemap.xml.gz"

    with_asset_host("https://assets.example.com") do
      with_environment("SITEMAP_BUCKET" => "assets") { get robots_url }
    end
    assert_includes response.body, "Sitemap: https://assets.example.com/sitemaps/sitemap.xml.gz"
  end

  test "the sitemap names every résumé" do
    FileUtils.rm_f(Sitemap.file)
    get "/sitemaps/sitemap.xml.gz"
    assert_response :not_found

    SitemapGenerator::Interpreter.run(config_file: Rails.root.join("config/sitemap.rb").to_s, verbose: false)
    get "/sitemaps/sitemap.xml.gz"

    sitemap = Zlib.gunzip(response.body)
    Resume.find_each { |resume| assert_includes sitemap, "<loc>https://www.example.com/resumes/#{resume.id}</loc>" }
  end

  private

  def with_asset_host(host)
    before = [ ActionController::Base.asset_host, Rails.configuration.asset_host ]
    ActionController::Base.asset_host = Rails.configuration.asset_host = host
    yield
  ensure
    ActionController::Base.asset_host, Rails.configuration.asset_host = before
  end
end
