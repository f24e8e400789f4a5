# A server at PDF_URL that answers what a test says, and keeps the files it was sent by their names.
module PdfServiceDouble
  PDF = "%PDF-1.7 …\n%%EOF\n"
  TYPE = { "content-type" => "application/pdf" }.freeze

  def with_pdf_service(status: 200, headers: TYPE, body: PDF, delay: 0)
    files = {}
    server = Puma::Server.new(lambda do |env|
      files.merge!(PdfServiceDouble.files_of(env))
      sleep delay
      [ status, headers, [ body ] ]
    end)
    port = server.add_tcp_listener("127.0.0.1", 0).addr[1]
    server.run
    with_environment("PDF_URL" => "http://127.0.0.1:#{port}") { yield files }
  ensure
    server&.stop(true)
  end

  # One that writes these bytes, HTTP or not, and after them whatever the block says.
  def with_raw_pdf_service(bytes, writes = ->(_socket) { })
    server = TCPServer.new("127.0.0.1", 0)
    answering = Thread.new do
      loop do
        socket = server.accept
        socket.read(socket.gets("\r\n\r\n")[/^content-length: (\d+)/i, 1].to_i)
        socket.write(bytes)
        writes.call(socket)
        socket.close
      end
    rescue IOError, SystemCallError
      # The test is over, or nobody reads.
    end
    with_environment("PDF_URL" => "http://127.0.0.1:#{server.addr[1]}") { yield }
  ensure
    server&.close
    answering&.kill
  end

  # Rack keeps only the last of several fields of one name, so the parts are read here.
  def self.files_of(env)
    body = env["rack.input"].read
    boundary = "--#{env["CONTENT_TYPE"][/boundary=(\S+)/, 1].delete('"')}"
    body.split(boundary).filter_map do |part|
      head, content = part.split("\r\n\r\n", 2)
      name = head.to_s[/filename="([^"]+)"/, 1]
      [ name, content.delete_suffix("\r\n") ] if name
    end.to_h
  end
end
