import type { ConnectionOptions } from "node:tls";

import { codeOf, EntrypointError, messageOf } from "../../errors.ts";
import { readRegularFile } from "../../process/regular-file.ts";
import { tlsMode, type DatabaseAddress } from "./address.ts";

/** One way to connect: plain, or by TLS with these options. */
export type Channel = false | ConnectionOptions;

/**
 * The ways to connect, in the order in which they are tried, as libpq does: only `verify-ca`, `verify-full`, and `require`
 * with a root certificate look at the server's certificate.
 * Source: https://www.postgresql.org/docs/current/libpq-ssl.html#LIBPQ-SSL-PROTECTION
 * @throws EntrypointError `ENTRYPOINT_DATABASE_TLS` for a file that cannot be read
 */
export function channels(address: DatabaseAddress): readonly Channel[] {
  const { host, sslmode, rootCertificate } = address;
  const mode = tlsMode(sslmode);
  if (mode === undefined) throw new Error(`the sslmode ${JSON.stringify(sslmode)} was let through`);
  if (mode === "disable" || host.startsWith("/")) return [false];
  const files = readFiles(address);
  if (mode === "verify-full" || rootCertificate === SYSTEM) return [files];
  if (mode === "verify-ca" || (mode === "require" && files.ca !== undefined)) {
    return [{ ...files, checkServerIdentity: () => undefined }];
  }
  const unverified: Channel = { ...files, rejectUnauthorized: false };
  if (mode === "require") return [unverified];
  return mode === "allow" ? [false, unverified] : [unverified, false];
}

/** libpq's word for the certificates of the system; it makes every mode `verify-full`. */
const SYSTEM = "system";

function readFiles({ rootCertificate, certificate, key }: DatabaseAddress): ConnectionOptions {
  const root = rootCertificate === SYSTEM ? undefined : rootCertificate;
  return { ...readPem("ca", root), ...readPem("cert", certificate), ...readPem("key", key) };
}

const WORDS = { ca: "sslrootcert", cert: "sslcert", key: "sslkey" } as const;

function readPem(option: keyof typeof WORDS, path: string | undefined): ConnectionOptions {
  if (path === undefined) return {};
  try {
    return { [option]: readRegularFile(path) };
  } catch (cause) {
    const why = codeOf(cause) === "ENOENT" ? "no such file" : messageOf(cause);
    throw new EntrypointError("ENTRYPOINT_DATABASE_TLS", { message: `${WORDS[option]} ${path}: ${why}`, cause });
  }
}

const NO_TLS = /^(The server does not support SSL connections|There was an error establishing an SSL connection)$/;

/** The server has no TLS. */
export function lacksTls(error: unknown): boolean {
  return NO_TLS.test(messageOf(error));
}

/** Another channel may do: there is no TLS, the handshake failed, or pg_hba.conf has no line for this channel. */
export function isChannelRefused(error: unknown): boolean {
  return lacksTls(error) || /^(28000|EPROTO|ERR_SSL_.*|ERR_TLS_.*)$/.test(codeOf(error));
}
