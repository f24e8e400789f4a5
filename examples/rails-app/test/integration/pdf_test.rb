require "test_helper"

class PdfTest < ActionDispatch::IntegrationTest
  OK = "HTTP/1.1 200 OK\r\ncontent-type: application/pdf\r\n"

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
    made = "%PDF-1.7 made before\n%%EOF\n"
    with_pdf_service(body: made) { RenderDocumentJob.perform_now(resumes(:hanako)) }
    away { get resume_url(resumes(:hanako), format: :pdf) }

    assert_response :success
    assert_equal made, response.body
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

  test "an answer that drips is given up when the whole has taken too long" do
    drips = ->(socket) { loop { socket.write("%") && sleep(0.05) } }
    with_environment("PDF_TIMEOUT" => "0.3") do
      with_raw_pdf_service("#{OK}content-length: 1000\r\n\r\n", drips) { get resume_url(resumes(:hanako), format: :pdf) }
    end

    assert_unavailable retry_after: "10"
  end

  test "a time to come back that helps nobody is not passed on" do
    [ "-5", "0", "99999999999999", "Wed, 21 Oct 2026 07:28:00 GMT" ].each do |given|
      with_pdf_service(status: 503, headers: { "retry-after" => given }) { get resume_url(resumes(:hanako), format: :pdf) }
      assert_unavailable retry_after: "10"
    end
  end

  test "what is no whole PDF is neither handed out nor kept" do
    no_pdf = [ { headers: { "content-type" => "text/html" } }, { body: "<h1>no</h1>%%EOF" }, { body: "" }, { body: "%PDF-1.7 half" } ]
    no_pdf.each do |answer|
      with_pdf_service(**answer) do
        get resume_url(resumes(:hanako), format: :pdf)
        assert_unavailable retry_after: "10"

        RenderDocumentJob.perform_now(resumes(:hanako))
        assert_nil resumes(:hanako).reload.document
      end
    end
  end

  test "a service that is broken counts as away" do
    broken = {
      "no HTTP" => "\x00\x01garbage\r\n\r\n",
      "a header that is none" => "HTTP/1.1 200 OK\r\nzzzz\r\n\r\n",
      "a length that is none" => "#{OK}content-length: many\r\n\r\n",
      "less than its length" => "#{OK}content-length: 1000\r\n\r\n#{PdfServiceDouble::PDF}",
      "a chunk that is none" => "#{OK}transfer-encoding: chunked\r\n\r\nzz\r\n",
      "gzip that is none" => "#{OK}content-encoding: gzip\r\ncontent-length: 5\r\n\r\nhello",
      "a redirect" => "HTTP/1.1 302 Found\r\nlocation: file:///etc/passwd\r\ncontent-length: 0\r\n\r\n",
      "its own fault" => "HTTP/1.1 500 Internal Server Error\r\ncontent-length: 4\r\n\r\noops"
    }
    broken.each_value do |answer|
      with_raw_pdf_service(answer) { get resume_url(resumes(:hanako), format: :pdf) }
      assert_unavailable retry_after: "10"
    end
  end

  test "a page that the service refuses is a fault of the app, and nobody is told to try again" do
    with_pdf_service(status: 400, body: "no index.html") do
      error = assert_raises(PdfService::Refused) { resumes(:hanako).render_pdf }
      assert_includes error.message, "no index.html"

      get resume_url(resumes(:hanako), format: :pdf)
      assert_impossible
    end
  end

  test "a résumé that ends the browser again and again is given up until it changes" do
    ends_browser = { status: 503, headers: { "pdf-error" => "PDF_BROWSER_LOST", "retry-after" => "2" } }
    with_pdf_service(**ends_browser) do
      get resume_url(resumes(:hanako), format: :pdf)
      assert_unavailable retry_after: "2"

      perform_enqueued_jobs { RenderDocumentJob.perform_later(resumes(:hanako)) }
      assert_performed_jobs 3, only: RenderDocumentJob
    end
    with_pdf_service do |files|
      get resume_url(resumes(:hanako), format: :pdf)
      assert_impossible
      assert_empty files

      resumes(:hanako).update!(job_title: "CTO")
      get resume_url(resumes(:hanako), format: :pdf)
      assert_response :success
    end
  end

  private

  def away(&block)
    closed = TCPServer.open("127.0.0.1", 0) { |server| server.addr[1] }
    with_environment("PDF_URL" => "http://127.0.0.1:#{closed}", &block)
  end

  def assert_impossible
    assert_response :service_unavailable
    assert_nil response.headers["retry-after"]
    assert_select "h1", "No PDF of this résumé"
    assert_select "a[href=?]", resume_path(resumes(:hanako))
  end

  def assert_unavailable(retry_after:)
    assert_response :service_unavailable
    assert_equal "text/html", response.media_type
    assert_equal retry_after, response.headers["retry-after"]
    assert_select "h1", "No PDF at the moment"
    assert_select "a[href=?]", resume_path(resumes(:hanako))
  end
end
