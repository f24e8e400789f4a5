import type { Mount } from "../dockerfile/mount.ts";
import { secret } from "../stage/mount.ts";
import type { Source } from "../stage/source.ts";

/** How the instructions that talk to package servers trust them. */
export interface ServerAccess {
  readonly mounts: readonly Mount<Source>[];
  /** Stands before `npm`. */
  readonly npm: string;
  /** Stands before `gem`. */
  readonly gem: string;
  /** Stands after `apt-get`. */
  readonly apt: string;
}

const AS_THE_IMAGE: ServerAccess = { mounts: [], npm: "", gem: "", apt: "" };

/**
 * The authorities of this secret for as long as an instruction runs: no layer holds them. npm takes them beside its own,
 * OpenSSL beside those in /etc/ssl/certs.
 */
export function serverAccess(secretId: string | undefined): ServerAccess {
  if (secretId === undefined) return AS_THE_IMAGE;
  const file = `/run/secrets/${secretId}`;
  return {
    mounts: [secret(secretId)],
    npm: `NODE_EXTRA_CA_CERTS=${file} `,
    gem: `SSL_CERT_FILE=${file} `,
    apt: ` --option Acquire::https::CAInfo=${file}`,
  };
}
