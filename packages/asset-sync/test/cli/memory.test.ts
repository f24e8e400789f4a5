import { open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { startNullS3, tempTree, type TempTree } from "@slipway/testkit";
import { describe, expect, it } from "vitest";

import { makeBundle, runProgram } from "./bundle.ts";

const MEGABYTE = 10 ** 6;

/** Syncs to a server that keeps nothing and returns the peak of the process' memory, in bytes. */
async function peakOf(tree: TempTree): Promise<{ readonly peak: number; readonly taken: number }> {
  await using bundle = await makeBundle();
  await using server = await startNullS3();
  const peakFile = join(bundle.folder, "peak");
  const location = ["--endpoint", server.endpoint, "--path-style", "--region", "us-east-1"];
  const words = ["sync", tree.path, "--to", "s3://shop-assets", "--release", "v1", ...location];
  const preload = pathToFileURL(join(import.meta.dirname, "fixtures/report-peak.mjs"));
  const credentials = { AWS_ACCESS_KEY_ID: "AKIANULL", AWS_SECRET_ACCESS_KEY: "null" };
  const env = { ...credentials, NODE_OPTIONS: `--import=${preload.href}`, PEAK_FILE: peakFile };
  const ended = await runProgram(bundle.program, words, { cwd: tree.path, env });
  expect(ended.stderr).toBe("");
  expect(ended.code).toBe(0);
  return { peak: Number(await readFile(peakFile, "utf8")) * 1024, taken: server.taken() };
}

describe("the memory of a whole sync", () => {
  it("stays under 150 MB for one file of 2 GB", async () => {
    await using tree = await tempTree({ "assets/video-1a2b3c4d.mp4": "" });
    const size = 2 * 10 ** 9;
    const file = await open(join(tree.path, "assets/video-1a2b3c4d.mp4"), "w");
    await file.truncate(size);
    await file.close();
    const { peak, taken } = await peakOf(tree);
    expect(taken).toBeGreaterThan(size);
    expect(peak / MEGABYTE).toBeLessThan(150);
  }, 600_000);
});
