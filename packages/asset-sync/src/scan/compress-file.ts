import { createHash } from "node:crypto";
import { createReadStream, createWriteStream, rmSync } from "node:fs";
import { pipeline } from "node:stream/promises";
import { isMainThread, parentPort, workerData } from "node:worker_threads";
import { constants, createBrotliCompress, createGzip, type BrotliCompress, type Gzip } from "node:zlib";

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

/** Said of bytes that did not get fewer. */
const LARGER: unique symbol = Symbol("larger");

function compressor({ encoding, size }: CompressionJob): BrotliCompress | Gzip {
  if (encoding === "gzip") return createGzip({ level: constants.Z_BEST_COMPRESSION });
  return createBrotliCompress({
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: size,
    },
  });
}

/** Compresses a file, the same way each time and a piece at a time, and keeps the outcome if it is smaller. */
export async function compressFile(job: CompressionJob): Promise<CompressionResult> {
  const [before, after] = [createHash("sha256"), createHash("sha256")];
  let size = 0;
  const read = async function* (pieces: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
    for await (const piece of pieces) {
      before.update(piece);
      yield piece;
    }
  };
  const packed = async function* (pieces: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
    for await (const piece of pieces) {
      if (size === 0 && job.encoding === "gzip") piece[GZIP_SYSTEM] = 255;
      size += piece.length;
      if (size >= job.size) throw LARGER;
      after.update(piece);
      yield piece;
    }
  };
  try {
    await pipeline(createReadStream(job.path), read, compressor(job), packed, createWriteStream(job.out));
  } catch (error) {
    rmSync(job.out, { force: true });
    if (error === LARGER) return { kind: "larger" };
    throw error;
  }
  if (before.digest("hex") === job.sha256) return { kind: "made", size, sha256: after.digest("hex") };
  rmSync(job.out, { force: true });
  return { kind: "changed" };
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
