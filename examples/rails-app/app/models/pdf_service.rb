require "net/http"

# Makes PDFs of HTML, in a container of its own that speaks Gotenberg's form API.
module PdfService
  # It is away, busy, too slow or broken: the same request may succeed later.
  class Unavailable < StandardError
    attr_reader :retry_after

    def initialize(reason, retry_after: nil)
      super("PDF service: #{reason}")
      seconds = Integer(retry_after.to_s, 10, exception: false)
      @retry_after = RETRY_AFTER.cover?(seconds) ? seconds : 10
    end
  end

  # Its browser ended while it printed this page, or one beside it.
  class BrowserLost < Unavailable; end

  # It does not take what it was sent, now or later.
  class Refused < StandardError; end

  PATH = "/forms/chromium/convert/html"
  # The answers to wait after that are worth passing on, in seconds.
  RETRY_AFTER = 1..3600
  FAULTS = [
    SystemCallError, SocketError, IOError, Timeout::Error, OpenSSL::SSL::SSLError,
    Net::ProtocolError, Net::HTTPBadResponse, Net::HTTPHeaderSyntaxError
  ].freeze

  class << self
    # Assets are files by the name under which the HTML refers to them.
    def convert(html, assets = {})
      pdf_of post([ file("index.html", html), *assets.map { |name, bytes| file(name, bytes) }, *PAGE ])
    rescue *FAULTS => error
      raise Unavailable, error.message
    end

    private

    PAGE = [ %w[preferCssPageSize true], %w[printBackground true] ].freeze
    private_constant :PAGE

    def file(name, bytes)
      [ "files", StringIO.new(bytes), { filename: name } ]
    end

    # The time limits of Net::HTTP are for each read: an answer that drips would never end.
    def post(form)
      url = URI.join(ENV.fetch("PDF_URL", "http://127.0.0.1:3001"), PATH)
      # A PDF is compressed already; an answer that is encoded all the same counts as no PDF.
      request = Net::HTTP::Post.new(url, "accept-encoding" => "identity")
      request.set_form(form, "multipart/form-data")
      Timeout.timeout(Float(ENV.fetch("PDF_TIMEOUT", 20))) do
        # Net::HTTP by itself takes an answer that is shorter than its length for whole.
        options = { use_ssl: url.scheme == "https", open_timeout: 2, read_timeout: nil, ignore_eof: false }
        Net::HTTP.start(url.host, url.port, nil, **options) { |http| http.request(request) }
      end
    end

    def pdf_of(answer)
      case answer.code
      when "200"
        pdf?(answer) ? answer.body : raise(Unavailable, "answered 200 with what is no PDF")
      when /\A4(?!08|29)/
        raise Refused, "PDF service answered #{answer.code}: #{answer.body.to_s.truncate(200)}"
      else
        kind = answer["pdf-error"] == "PDF_BROWSER_LOST" ? BrowserLost : Unavailable
        raise kind.new("answered #{answer.code}", retry_after: answer["retry-after"])
      end
    end

    # Its last line is %%EOF; readers look for it in the last KiB.
    def pdf?(answer)
      answer.content_type == "application/pdf" && answer.body.start_with?("%PDF-") && answer.body.last(1024).include?("%%EOF")
    end
  end
end
