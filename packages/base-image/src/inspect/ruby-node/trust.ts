import { command, type Assertion } from "../assertion.ts";

/** A certificate authority that is added to the system's store is believed by ruby and by node. */
export function trustAssertions(): readonly Assertion[] {
  return [
    {
      ...command("ruby and node believe the system's certificates", ["ruby", "-e", TLS], {
        kind: "text",
        text: "ruby ok\nnode ok",
      }),
      user: "0:0",
    },
  ];
}

/** A server on loopback with a certificate of its own, which is then added to the store; that makes a store anew where it was
 * gone, so it is looked for before. */
const TLS = String.raw`
require "openssl"
require "net/http"
store = "/etc/ssl/certs/ca-certificates.crt"
File.size?(store) or abort "#{store} is absent or empty"
key = OpenSSL::PKey::RSA.new(2048)
certificate = OpenSSL::X509::Certificate.new
certificate.version = 2
certificate.serial = 1
certificate.subject = certificate.issuer = OpenSSL::X509::Name.parse("/CN=Slipway probe")
certificate.public_key = key.public_key
certificate.not_before, certificate.not_after = Time.now - 3600, Time.now + 3600
extensions = OpenSSL::X509::ExtensionFactory.new(certificate, certificate)
certificate.add_extension(extensions.create_extension("basicConstraints", "CA:TRUE", true))
certificate.add_extension(extensions.create_extension("subjectAltName", "DNS:localhost"))
certificate.sign(key, OpenSSL::Digest.new("SHA256"))
File.write("/usr/local/share/ca-certificates/slipway-probe.crt", certificate.to_pem)
system("update-ca-certificates", out: File::NULL, err: File::NULL) or abort "update-ca-certificates fails"
context = OpenSSL::SSL::SSLContext.new
context.cert, context.key = certificate, key
listener = TCPServer.new("localhost", 0)
server = OpenSSL::SSL::SSLServer.new(listener, context)
address = "https://localhost:#{listener.addr[1]}/"
Thread.new do
  loop do
    client = server.accept
    client.gets
    client.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
    client.close
  rescue OpenSSL::SSL::SSLError, SystemCallError
    next
  end
end
answer = Net::HTTP.get(URI(address)) rescue $!.message.lines.first
$stdout.sync = true
puts "ruby #{answer}"
system("node", "-e", "fetch('#{address}').then(async (r) => console.log('node', await r.text()), (e) => console.log('node', e.cause.code))")`;
