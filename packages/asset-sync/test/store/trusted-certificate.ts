import { readFileSync } from "node:fs";
import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";

import { outputOf, tempTree } from "@slipway/testkit";

/** A key and a certificate that this process trusts until the scope ends. */
export async function trustedCertificate(): Promise<Disposable & { readonly key: Buffer; readonly cert: Buffer }> {
  await using tree = await tempTree();
  const [key, cert] = [join(tree.path, "key"), join(tree.path, "cert")];
  const names = ["-subj", "/CN=slow", "-addext", "subjectAltName=IP:127.0.0.1"];
  const words = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-keyout", key, "-out", cert];
  outputOf("openssl", [...words, ...names]);
  const trusted = getCACertificates();
  setDefaultCACertificates([...trusted, readFileSync(cert, "utf8")]);
  return {
    key: readFileSync(key),
    cert: readFileSync(cert),
    [Symbol.dispose]: () => setDefaultCACertificates(trusted),
  };
}
