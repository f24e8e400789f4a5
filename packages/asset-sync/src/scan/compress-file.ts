import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { promisify } from "node:util";
import { isMainThread, parentPort, workerData } from "node:worker_threads";
import { brotliCompress, constants, gzip, type ZlibOptions } from "node:zlib";

import type { Encoding } from "../config/definition.ts";

/** A file to compress. */
export interface CompressionJob {
  readonly path: string;
  readonly size: number;
  /** The bytes that are expected, as SHA-256 in lower-case hex. */
  readonly sha256: string;
  readonly encoding: Encoding;
  /** Where the compressed bytes go. */
  readonly out: string;
}

/** What became of it: `larger` keeps nothing, `changed` found other bytes than were expected. */
export type CompressionResult =
  | { readonly kind: "made"; readonly size: number; readonly sha256: string }
  | { readonly kind: "larger" | "changed" }
  | { readonly kind: "failed"; readonly reason: string };

/** A worker that runs this module, and is given this, compresses what it is sent. */
export const WORKER_ROLE = "slipway-compress-file";

/** This module, wherever it was built to. */
export const WORKER_URL: URL = new URL(import.meta.url);

/** The byte of a gzip header that names the system; 255 is "unknown": https://www.rfc-editor.org/rfc/rfc1952#page-8 */
const GZIP_SYSTEM = 9;

/** Not at one go: a thread that is deep in native code can be ended by nothing. */
const COMPRESS: Readonly<Record<Encoding, (bytes: Buffer) => Promise<Buffer>>> = {
  br: (bytes) =>
    promisify(brotliCompress)(bytes, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      },
    }),
  gzip: async (bytes) => {
    const packed = await promisify<Buffer, ZlibOptions, Buffer>(gzip)(bytes, { level: constants.Z_BEST_COMPRESSION });
    packed[GZIP_SYSTEM] = 255;
    return packed;
  },
};

/** Compresses a file, the same way each time, and keeps the outcome if it is smaller. */
export async function compressFile(job: CompressionJob): Promise<CompressionResult> {
  const bytes = readFileSync(job.path);
  if (digest(bytes) !== job.sha256) return { kind: "changed" };
  const packed = await COMPRESS[job.encoding](bytes);
  if (packed.length >= bytes.length) return { kind: "larger" };
  writeFileSync(job.out, packed);
  return { kind: "made", size: packed.length, sha256: digest(packed) };
}

function digest(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

async function serve(job: CompressionJob): Promise<void> {
  const result = await compressFile(job).catch((error: unknown): CompressionResult => {
    return { kind: "failed", reason: error instanceof Error ? error.message : String(error) };
  });
  // eslint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
  parentPort?.postMessage(result);
}

if (!isMainThread && workerData === WORKER_ROLE) {
  parentPort?.on("message", (job: CompressionJob) => void serve(job));
}
