import { hash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { mkdir, open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { startNullS3, tempTree, type TempTree } from "@slipway/testkit";
import { describe, expect, it } from "vitest";

import { makeBundle, runProgram } from "./bundle.ts";

const MEGABYTE = 10 ** 6;

/** In bytes: the most that was resident, what of it is files that are mapped, and what the server took. */
interface Peak {
  readonly peak: number;
  readonly mapped: number;
  readonly taken: number;
}

/** Syncs to a server that keeps nothing and looks at the memory of the process. */
async function peakOf(tree: TempTree): Promise<Peak> {
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
  const [peak = Number.NaN, mapped = Number.NaN] = (await readFile(peakFile, "utf8")).split(" ").map(Number);
  return { peak: peak * 1024, mapped: mapped * 1024, taken: server.taken() };
}

/** As many files as no build has: Propshaft's names, a hundred folders. */
async function manyFiles(folder: string, count: number): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    const directory = join(folder, `assets/pages_${n % 100}`);
    if (n < 100) await mkdir(directory, { recursive: true });
    const body = `export const page = ${n};\n`;
    writeFileSync(join(directory, `component_${n}-${hash("sha256", body).slice(0, 8)}.js`), body);
  }
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

  it("stays under 150 MB for 100,000 small files: 97 beside the mapped file of Node itself", async () => {
    await using tree = await tempTree({});
    await manyFiles(tree.path, 100_000);
    const { peak, mapped } = await peakOf(tree);
    expect((peak - mapped) / MEGABYTE).toBeLessThan(97);
  }, 600_000);
});
