import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliDecompressSync, gunzipSync } from "node:zlib";

import { tempTree } from "@slipway/testkit";
import { describe, expect, it } from "vitest";

import type { CompressionJob } from "../../src/scan/compress-file.ts";
import { compressFiles } from "../../src/scan/compressor.ts";
import { sha256 } from "../../src/scan/digest.ts";

function job(folder: string, name: string, bytes: Buffer, encoding: "br" | "gzip"): CompressionJob {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return { path, size: bytes.length, sha256: sha256(bytes), encoding, out: join(folder, `${name}.${encoding}`) };
}

describe("compression in threads", () => {
  it("unpacks to the same bytes, says what it wrote, and writes the same bytes each time", async () => {
    await using tree = await tempTree();
    const text = Buffer.from("a stylesheet, more or less; ".repeat(500));
    const jobs = (["br", "gzip"] as const).map((encoding) => job(tree.path, "a.css", text, encoding));
    const results = await compressFiles(jobs, undefined);
    const packed = jobs.map(({ out }) => readFileSync(out));
    const [br = Buffer.alloc(0), gzip = Buffer.alloc(0)] = packed;
    expect(brotliDecompressSync(br)).toEqual(text);
    expect(gunzipSync(gzip)).toEqual(text);
    expect(results).toEqual(packed.map((bytes) => ({ kind: "made", size: bytes.length, sha256: sha256(bytes) })));
    // Neither a time nor the name of a system stands in a gzip header: RFC 1952, 2.3.
    expect([...gzip.subarray(0, 10)]).toEqual([31, 139, 8, 0, 0, 0, 0, 0, 2, 255]);
    expect(await compressFiles(jobs, undefined)).toEqual(results);
  });

  it("ends soon when it is interrupted, however large the file is", async () => {
    await using tree = await tempTree();
    // Takes minutes when nothing ends it.
    const large = job(tree.path, "large.js", Buffer.from(randomBytes(60_000_000).toString("base64")), "br");
    const interrupted = compressFiles([large], AbortSignal.timeout(500));
    await expect(interrupted).rejects.toMatchObject({ name: "TimeoutError" });
  });

  it("keeps nothing that is not smaller", async () => {
    await using tree = await tempTree();
    const noise = job(tree.path, "noise.js", randomBytes(4000), "br");
    expect(await compressFiles([noise, { ...noise, encoding: "gzip" }], undefined)).toEqual([
      { kind: "larger" },
      { kind: "larger" },
    ]);
    expect(() => readFileSync(noise.out)).toThrow(/ENOENT/);
  });

  it("notices a file that has changed since it was scanned, or is gone, and goes on with the others", async () => {
    await using tree = await tempTree();
    const text = Buffer.from("x".repeat(2000));
    const [changed, gone, fine] = ["changed.js", "gone.js", "fine.js"].map((name) => job(tree.path, name, text, "br"));
    if (changed === undefined || gone === undefined || fine === undefined) throw new Error("three were made");
    writeFileSync(changed.path, "other");
    const results = await compressFiles([changed, { ...gone, path: join(tree.path, "nowhere") }, fine], undefined);
    expect(results).toMatchObject([
      { kind: "changed" },
      { kind: "failed", reason: expect.stringContaining("ENOENT") },
      { kind: "made" },
    ]);
  });

  it("gives results in the order of its jobs, whatever their sizes, for more jobs than threads", async () => {
    await using tree = await tempTree();
    const jobs = Array.from({ length: 40 }, (_, index) =>
      job(tree.path, `${index}.txt`, Buffer.from(`${index} `.repeat(500 + ((index * 37) % 400))), "gzip"),
    );
    const results = await compressFiles(jobs, undefined);
    expect(results).toEqual(
      jobs.map(({ out }) => ({ kind: "made", size: readFileSync(out).length, sha256: sha256(readFileSync(out)) })),
    );
  });

  it("stops when it is told to", async () => {
    await using tree = await tempTree();
    const jobs = [job(tree.path, "a.txt", Buffer.from("a".repeat(2000)), "br")];
    const reason = new Error("stopped");
    await expect(compressFiles(jobs, AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});
