require "test_helper"

class PdfTest < ActionDispatch::IntegrationTest
  test "the PDF is made of the résumé's page and photo" do
    resumes(:hanako).update!(photo:)
    with_pdf_service do |files|
      get resume_url(resumes(:hanako), format: :pdf)

      assert_equal %w[index.html photo.png], files.keys
      html = files["index.html"].force_encoding("UTF-8")
      assert_includes html, "株式会社あおぞらペイ"
      assert_includes html, %(src="photo.png")
      assert_no_match(/(src|href)="?(https?:|\/)/, html)
      assert_equal Rails.root.join("db/seeds/hanako.png").binread, files["photo.png"].b
    end
    assert_response :success
    assert_equal "application/pdf", response.media_type
    assert_includes response.headers["content-disposition"], ERB::Util.url_encode("山田 花子.pdf")
  end

  test "what the worker has made is handed out while the service is away" do
    with_pdf_service(body: "%PDF made before") { RenderDocumentJob.perform_now(resumes(:hanako)) }
    away { get resume_url(resumes(:hanako), format: :pdf) }

    assert_response :success
    assert_equal "%PDF made before", response.body
  end

  test "a service that is away costs nothing but the PDF" do
    away do
      get resume_url(resumes(:hanako), format: :pdf)
      assert_unavailable retry_after: "10"

      get resume_url(resumes(:hanako))
      assert_response :success
    end
  end

  test "a busy service says when to come back" do
    with_pdf_service(status: 429, headers: { "retry-after" => "3" }) { get resume_url(resumes(:hanako), format: :pdf) }

    assert_unavailable retry_after: "3"
  end

  test "a service that hangs is given up" do
    with_environment("PDF_TIMEOUT" => "0.2") do
      with_pdf_service(delay: 1) { get resume_url(resumes(:hanako), format: :pdf) }
    end

    assert_unavailable retry_after: "10"
  end

  test "a page that the service refuses is a fault of the app" do
    with_pdf_service(status: 400, body: "no index.html") do
      error = assert_raises(PdfService::Refused) { resumes(:hanako).render_pdf }
      assert_includes error.message, "no index.html"
    end
  end

  private

  def away(&block)
    closed = TCPServer.open("127.0.0.1", 0) { |server| server.addr[1] }
    with_environment("PDF_URL" => "http://127.0.0.1:#{closed}", &block)
  end

  def assert_unavailable(retry_after:)
    assert_response :service_unavailable
    assert_equal "text/html", response.media_type
    assert_equal retry_after, response.headers["retry-after"]
    assert_select "h1", "No PDF at the moment"
    assert_select "a[href=?]", resume_path(resumes(:hanako))
  end
end
