import { extract, type Extract, type Header } from "tar-stream";

import type { LayerEntry } from "./layer.ts";

/** What a layer's tar says, but for what only its blob knows. */
export interface LayerTar {
  readonly entries: readonly LayerEntry[];
  readonly tarBytes: number;
  readonly packageStatus?: string;
}

/** Where Debian keeps what is installed. */
const PACKAGE_STATUS = "var/lib/dpkg/status";

/** A name with this before it takes away what lower layers have there. */
const REMOVAL = ".wh.";

/** In a folder: nothing of the lower layers' folder is left. */
const EMPTIED = ".wh..wh..opq";

/** Reads the tar of a layer once, front to back. */
export async function readLayerTar(chunks: AsyncIterable<Buffer>): Promise<LayerTar> {
  let tarBytes = 0;
  let packageStatus: string | undefined;
  const entries: LayerEntry[] = [];
  const tar = extract();
  const fed = feed(
    tar,
    counted(chunks, (size) => (tarBytes += size)),
  );
  for await (const entry of tar) {
    const found = layerEntry(entry.header);
    if (found !== undefined) entries.push(found);
    if (found?.path === PACKAGE_STATUS && found.kind === "file") packageStatus = await textOf(bytesOf(entry));
    else entry.resume();
  }
  await fed;
  return { entries, tarBytes, ...(packageStatus === undefined ? {} : { packageStatus }) };
}

/** Chunks as one text. */
export async function textOf(chunks: AsyncIterable<Buffer>): Promise<string> {
  const all: Buffer[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all).toString("utf8");
}

/** The content of an entry; the streams of tar-stream are typed without what they carry. */
export function bytesOf(entry: AsyncIterable<unknown>): AsyncIterable<Buffer> {
  return entry as AsyncIterable<Buffer>;
}

/** Writes chunks into a tar reader as fast as it takes them. */
export async function feed(tar: Extract, chunks: AsyncIterable<Buffer>): Promise<void> {
  try {
    for await (const chunk of chunks) {
      if (!tar.write(chunk)) await new Promise<void>((go) => tar.once("drain", () => go()));
    }
    tar.end(undefined);
  } catch (error) {
    tar.destroy(error instanceof Error ? error : new Error(String(error)));
  }
}

async function* counted(chunks: AsyncIterable<Buffer>, add: (size: number) => void): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    add(chunk.length);
    yield chunk;
  }
}

function layerEntry({ name, type, size }: Header): LayerEntry | undefined {
  const path = name.replace(/^(?:\.?\/)+/, "").replace(/\/$/, "");
  if (path === "" || path === ".") return undefined;
  const slash = path.lastIndexOf("/") + 1;
  const [folder, base] = [path.slice(0, slash), path.slice(slash)];
  if (base === EMPTIED) return { path: folder.slice(0, -1), kind: "emptied", size: 0 };
  if (base.startsWith(REMOVAL)) return { path: folder + base.slice(REMOVAL.length), kind: "removal", size: 0 };
  if (type === "file" || type === "contiguous-file") return { path, kind: "file", size };
  if (type === "directory") return { path, kind: "directory", size: 0 };
  return { path, kind: type === "link" || type === "symlink" ? "link" : "other", size: 0 };
}
