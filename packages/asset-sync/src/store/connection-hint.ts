const UNTRUSTED =
  "The certificate of the endpoint is not trusted here: check --endpoint, or name its issuer's certificate in NODE_EXTRA_CA_CERTS.";
const NO_TLS = "The endpoint does not speak TLS at this port: check the scheme and the port of --endpoint.";
const NO_HTTP = "What answers there does not speak HTTP: check the scheme and the port of --endpoint.";

/** What helps against connections that never come about, by the codes of Node and OpenSSL; asking again does not. */
const HINTS: Readonly<Record<string, string>> = {
  ENOTFOUND:
    "There is no such host: check --endpoint and --region; an endpoint without a host name for each bucket needs --path-style.",
  EAI_AGAIN: "The host's name could not be looked up: check --endpoint and this machine's DNS.",
  ECONNREFUSED: "Nothing listens there: check the host and the port of --endpoint.",
  CERT_HAS_EXPIRED: "The certificate of the endpoint has expired by this machine's clock: renew it or set the clock.",
  ERR_TLS_CERT_ALTNAME_INVALID:
    "The certificate is for other hosts: check --endpoint; one without a host name for each bucket needs --path-style.",
  DEPTH_ZERO_SELF_SIGNED_CERT: UNTRUSTED,
  SELF_SIGNED_CERT_IN_CHAIN: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNTRUSTED,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNTRUSTED,
  EPROTO: NO_TLS,
  ERR_SSL_WRONG_VERSION_NUMBER: NO_TLS,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: NO_TLS,
  HPE_INVALID_CONSTANT: NO_HTTP,
  NOT_HTTP: NO_HTTP,
};

/** The remedy for a connection that failed with `code`; undefined where trying again is one. */
export function connectionHint(code: string | undefined): string | undefined {
  return code !== undefined && Object.hasOwn(HINTS, code) ? HINTS[code] : undefined;
}
