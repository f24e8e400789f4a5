import { describe, expect, it } from "vitest";

import { readSavedImage } from "../../../src/inspect/layers/saved-image.ts";
import { archiveOf, inPieces, tarOf, type ArchiveLayer } from "./archive.ts";

const STATUS = "Package: tini\nStatus: install ok installed\nVersion: 0.19\nInstalled-Size: 7\n";

const LAYERS: readonly ArchiveLayer[] = [
  { createdBy: "COPY / / # buildkit", files: { "etc/": undefined, "etc/motd": "hello", "./usr/x": "1234567" } },
  { createdBy: "RUN apt-get install tini", packing: "zstd", files: { "var/lib/dpkg/status": STATUS } },
  { createdBy: "RUN rm -r", packing: "none", files: { "etc/.wh.motd": "", "usr/.wh..wh..opq": "", "usr/y": "12" } },
];

describe.each(["oci", "older"] as const)("an archive in the %s layout", (layout) => {
  it("gives layers with their paths, sizes and the instruction that made them", async () => {
    const archive = await archiveOf(LAYERS, layout);
    const { layers } = await readSavedImage(inPieces(archive), "x:1");
    const [first, second, third] = layers;
    expect(layers.map(({ createdBy, packing }) => [createdBy, packing])).toEqual([
      ["COPY / / # buildkit", "gzip"],
      ["RUN apt-get install tini", "zstd"],
      ["RUN rm -r", "none"],
    ]);
    expect(first?.entries).toEqual([
      { path: "etc", kind: "directory", size: 0 },
      { path: "etc/motd", kind: "file", size: 5 },
      { path: "usr/x", kind: "file", size: 7 },
    ]);
    expect(second?.packageStatus).toBe(STATUS);
    expect(third?.entries).toEqual([
      { path: "etc/motd", kind: "removal", size: 0 },
      { path: "usr", kind: "emptied", size: 0 },
      { path: "usr/y", kind: "file", size: 2 },
    ]);
  });

  it("gives the bytes of each layer, packed and unpacked", async () => {
    const { layers } = await readSavedImage(inPieces(await archiveOf(LAYERS, layout)), "x:1");
    const sizes = await Promise.all(LAYERS.map(async ({ files }) => (await tarOf(files)).length));
    expect(layers.map(({ tarBytes }) => tarBytes)).toEqual(sizes);
    expect(layers.map(({ tarBytes, blobBytes }) => blobBytes < tarBytes)).toEqual([true, true, false]);
    for (const { digest } of layers) expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  it("is read the same whatever pieces it comes in", async () => {
    const archive = await archiveOf(LAYERS, layout);
    const whole = await readSavedImage(inPieces(archive, archive.length), "x:1");
    for (const size of [1, 511, 513]) expect(await readSavedImage(inPieces(archive, size), "x:1")).toEqual(whole);
  });
});

describe("an archive that is none", () => {
  const refused = { code: "BASE_IMAGE_ARCHIVE_UNREADABLE", message: expect.stringContaining("x:1") };

  it.each([
    ["cut short", (archive: Buffer) => archive.subarray(0, archive.length - 4096)],
    ["cut within a layer", (archive: Buffer) => archive.subarray(0, 3000)],
    ["empty", () => Buffer.alloc(0)],
    ["something else", () => Buffer.from("no tar at all".repeat(100))],
  ])("%s is refused with the image's name", async (_, damage) => {
    const archive = await archiveOf(LAYERS);
    await expect(readSavedImage(inPieces(damage(archive)), "x:1")).rejects.toMatchObject(refused);
  });

  it("with a damaged layer is refused", async () => {
    const archive = await archiveOf([{ createdBy: "COPY", files: { a: "x".repeat(10_000) } }]);
    const at = archive.indexOf(Buffer.from([0x1f, 0x8b])) + 12;
    archive.fill(0xff, at, at + 20);
    await expect(readSavedImage(inPieces(archive), "x:1")).rejects.toMatchObject(refused);
  });

  it("passes on the failure of the stream it comes in", async () => {
    await expect(readSavedImage(broken(), "x:1")).rejects.toMatchObject({
      ...refused,
      message: expect.stringContaining("connection reset"),
    });
  });
});

async function* broken(): AsyncGenerator<Buffer> {
  yield (await archiveOf(LAYERS)).subarray(0, 1024);
  throw new Error("connection reset");
}
