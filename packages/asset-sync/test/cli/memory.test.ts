import { hash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { mkdir, open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { startNullS3, startS3Double, tempTree, type S3Credentials, type TempTree } from "@slipway/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { makeBundle, runProgram, type Bundle } from "./bundle.ts";

const BUCKET = "shop-assets";
const MEGABYTE = 10 ** 6;

let bundle: Bundle;

beforeAll(async () => {
  bundle = await makeBundle();
});
afterAll(() => bundle[Symbol.asyncDispose]());

/** In bytes: the most that was resident, and what of it is files that are mapped. */
interface Peak {
  readonly peak: number;
  readonly mapped: number;
}

/** Where a sync goes, and as which release. */
interface Going {
  readonly endpoint: string;
  readonly credentials: S3Credentials;
  readonly release: string;
}

/** Syncs, and looks at the memory of the process. */
async function peakOf(tree: TempTree, { endpoint, credentials, release }: Going): Promise<Peak> {
  const peakFile = join(bundle.folder, "peak");
  const location = ["--endpoint", endpoint, "--path-style", "--region", "us-east-1"];
  const words = ["sync", tree.path, "--to", `s3://${BUCKET}`, "--release", release, ...location];
  const preload = pathToFileURL(join(import.meta.dirname, "fixtures/report-peak.mjs"));
  const { accessKeyId, secretAccessKey } = credentials;
  const keys = { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey };
  const env = { ...keys, NODE_OPTIONS: `--import=${preload.href}`, PEAK_FILE: peakFile };
  const ended = await runProgram(bundle.program, words, { cwd: tree.path, env });
  expect(ended.stderr).toBe("");
  expect(ended.code).toBe(0);
  const [peak = Number.NaN, mapped = Number.NaN] = (await readFile(peakFile, "utf8")).split(" ").map(Number);
  return { peak: peak * 1024, mapped: mapped * 1024 };
}

/** As many files as no build has: Propshaft's names, a hundred folders. */
async function manyFiles(folder: string, count: number, text = ""): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    const directory = join(folder, `assets/pages_${n % 100}`);
    if (n < 100) await mkdir(directory, { recursive: true });
    const body = `export const page = ${n};${text}\n`;
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
    await using server = await startNullS3();
    const credentials = { accessKeyId: "AKIANULL", secretAccessKey: "null" };
    const { peak } = await peakOf(tree, { endpoint: server.endpoint, credentials, release: "v1" });
    expect(server.taken()).toBeGreaterThan(size);
    expect(peak / MEGABYTE).toBeLessThan(150);
  }, 600_000);

  it("stays under 150 MB for 100,000 small files: 97 beside the mapped file of Node itself", async () => {
    await using tree = await tempTree({});
    await manyFiles(tree.path, 100_000);
    await using double = await startS3Double({ buckets: [BUCKET] });
    const besideNode = async (release: string): Promise<number> => {
      const { peak, mapped } = await peakOf(tree, { ...double, release });
      return (peak - mapped) / MEGABYTE;
    };
    expect(await besideNode("v1"), "first sync").toBeLessThan(97);
    expect(await besideNode("v1"), "same release").toBeLessThan(97);
    expect(await besideNode("v2"), "next release, nothing changed").toBeLessThan(97);
    await manyFiles(tree.path, 100, "changed");
    expect(await besideNode("v3"), "next release, 100 changed").toBeLessThan(97);
  }, 600_000);
});
