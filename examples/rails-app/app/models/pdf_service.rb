require "net/http"

# Makes PDFs of HTML, in a container of its own that speaks Gotenberg's form API.
module PdfService
  # It is away, busy or too slow: the same request may succeed later.
  class Unavailable < StandardError
    attr_reader :retry_after

    def initialize(reason, retry_after: nil)
      super("PDF service: #{reason}")
      @retry_after = Integer(retry_after.to_s, 10, exception: false) || 10
    end
  end

  # It does not take what it was sent, now or later.
  class Refused < StandardError; end

  PATH = "/forms/chromium/convert/html"
  AWAY = [ SystemCallError, SocketError, EOFError, Timeout::Error, Net::ProtocolError ].freeze

  class << self
    # Assets are files by the name under which the HTML refers to them.
    def convert(html, assets = {})
      answer = post([ file("index.html", html), *assets.map { |name, bytes| file(name, bytes) }, *PAGE ])
      case answer.code.to_i
      when 200 then answer.body
      when 429, 502, 503, 504 then raise Unavailable.new("answered #{answer.code}", retry_after: answer["retry-after"])
      else raise Refused, "PDF service answered #{answer.code}: #{answer.body.to_s.truncate(200)}"
      end
    rescue *AWAY => error
      raise Unavailable, error.message
    end

    private

    PAGE = [ %w[preferCssPageSize true], %w[printBackground true] ].freeze
    private_constant :PAGE

    def file(name, bytes)
      [ "files", StringIO.new(bytes), { filename: name } ]
    end

    def post(form)
      url = URI.join(ENV.fetch("PDF_URL", "http://127.0.0.1:3001"), PATH)
      request = Net::HTTP::Post.new(url)
      request.set_form(form, "multipart/form-data")
      seconds = Float(ENV.fetch("PDF_TIMEOUT", 20))
      options = { use_ssl: url.scheme == "https", open_timeout: 2, read_timeout: seconds, write_timeout: seconds }
      Net::HTTP.start(url.host, url.port, nil, **options) { |http| http.request(request) }
    end
  end
end
