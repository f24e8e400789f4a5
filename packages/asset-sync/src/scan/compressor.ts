import { once } from "node:events";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";

import type { CompressionJob, CompressionResult } from "./compress-file.ts";

/** More threads than this gain little and cost memory. */
const MOST_THREADS = 8;

/** Bytes of files that are being compressed at once, even if all were as large as the largest. */
const BYTES_AT_ONCE = 64 * 1024 * 1024;

/**
 * Compresses files in threads of their own, the largest first, so that the last ones do not take long.
 *
 * @returns the results in the order of the jobs
 * @throws the signal's reason when it aborts
 */
export async function compressFiles(
  jobs: readonly CompressionJob[],
  signal: AbortSignal | undefined,
): Promise<readonly CompressionResult[]> {
  // By itself, so that a thread loads this one module and not all of the program that it is bundled with.
  const { WORKER_ROLE, WORKER_URL } = await import("./compress-file.ts");
  const results = new Map<CompressionJob, CompressionResult>();
  const sorted = jobs.toSorted((left, right) => right.size - left.size);
  const queue = sorted.values();
  const affordable = Math.max(1, Math.floor(BYTES_AT_ONCE / Math.max(1, sorted[0]?.size ?? 1)));
  const threads = Math.min(jobs.length, availableParallelism(), MOST_THREADS, affordable);
  const work = async (): Promise<void> => {
    const worker = new Worker(WORKER_URL, { workerData: WORKER_ROLE, execArgv: [] });
    try {
      for (const job of queue) {
        signal?.throwIfAborted();
        const { path, size, sha256, encoding, out } = job;
        // eslint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
        worker.postMessage({ path, size, sha256, encoding, out } satisfies CompressionJob);
        const [result]: CompressionResult[] = await once(worker, "message", signal === undefined ? {} : { signal });
        if (result !== undefined) results.set(job, result);
      }
    } finally {
      await worker.terminate();
    }
  };
  try {
    await Promise.all(Array.from({ length: threads }, work));
  } catch (error) {
    throw signal?.aborted === true ? signal.reason : error;
  }
  return jobs.map((job) => results.get(job) ?? { kind: "failed", reason: "its thread ended" });
}
