import { createReadStream } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";

import { execa } from "execa";

/** Those of the texts that occur anywhere in an image: its layers, unpacked, its configuration and its history. */
export async function imageHolds(image: string, texts: readonly string[]): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), "slipway-image-"));
  try {
    const save = execa("docker", ["save", image], { buffer: false, encoding: "buffer" });
    await save.pipe("tar", ["-x", "-C", folder]);
    const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
    const found = new Set<string>();
    for (const file of files) await searchFile(join(file.parentPath, file.name), texts, found);
    return texts.filter((text) => found.has(text));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function searchFile(file: string, texts: readonly string[], found: Set<string>): Promise<void> {
  const longest = Math.max(...texts.map((text) => text.length));
  const search = async (source: AsyncIterable<Buffer>): Promise<void> => {
    let tail = "";
    for await (const chunk of source) {
      const window = tail + chunk.toString("latin1");
      for (const text of texts) if (window.includes(text)) found.add(text);
      tail = window.slice(-longest);
    }
  };
  if (await isGzip(file)) await pipeline(createReadStream(file), createGunzip(), search);
  else await pipeline(createReadStream(file), search);
}

async function isGzip(file: string): Promise<boolean> {
  for await (const chunk of createReadStream(file, { end: 1 }))
    return Buffer.from(chunk).equals(Buffer.from([0x1f, 0x8b]));
  return false;
}
