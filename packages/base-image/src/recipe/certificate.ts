import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";

import { matching, type ValueKind } from "../dockerfile/value-kind.ts";
import { BaseImageError, reasonOf } from "../errors.ts";
import type { Stage } from "../stage/stage.ts";
import { filePath } from "./file-path.ts";

const BLOCK = /-----BEGIN CERTIFICATE-----\n[A-Za-z0-9+/=\n]+-----END CERTIFICATE-----\n/g;

/** Certificates as {@link certificate} gives them: nothing but their blocks. */
export const CERTIFICATE: ValueKind = matching(
  new RegExp(`^(?:${BLOCK.source})+$`),
  'what certificate(new URL("ca.crt", import.meta.url)) gives',
);

/**
 * The certificates in a PEM file: `certificate(new URL("ca.crt", import.meta.url))`. They stand in the Dockerfile, so the
 * image changes when they do.
 * @throws BaseImageError BASE_IMAGE_CERTIFICATE when the file cannot be read, holds a private key, or no valid certificate.
 */
export function certificate(file: string | URL): string {
  const path = filePath(file, "certificate()", "the file");
  const text = readPem(path).replaceAll("\r\n", "\n");
  if (text.includes("PRIVATE KEY-----")) throw refused(path, "holds a private key, which would be in the image");
  const blocks = `${text}\n`.match(BLOCK) ?? [];
  if (blocks.length === 0) throw refused(path, "holds no certificate in PEM");
  for (const block of blocks) fingerprint(block, path);
  return blocks.join("");
}

/** Adds authorities to the system's store, each in a file of its own, as update-ca-certificates wants them. */
export function trust(certificates: readonly string[]): (so: Stage) => Stage {
  const blocks = certificates.flatMap((text) => text.match(BLOCK) ?? []);
  if (blocks.length === 0) return (so) => so;
  return (so) =>
    [...new Set(blocks)]
      .reduce(
        (it, block) => it.write(`/usr/local/share/ca-certificates/${fingerprint(block, "").slice(0, 16)}.crt`, block),
        so.comment("The authorities that the definition trusts, in the system's store"),
      )
      .run("update-ca-certificates");
}

function fingerprint(block: string, path: string): string {
  try {
    return new X509Certificate(block).fingerprint256.replaceAll(":", "").toLowerCase();
  } catch (cause) {
    throw refused(path, `holds a certificate that cannot be read: ${reasonOf(cause)}`, cause);
  }
}

function readPem(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw refused(path, `cannot be read: ${reasonOf(cause)}`, cause);
  }
}

function refused(path: string, reason: string, cause?: unknown): BaseImageError {
  return new BaseImageError("BASE_IMAGE_CERTIFICATE", `certificate(): ${path} ${reason}`, { cause });
}
