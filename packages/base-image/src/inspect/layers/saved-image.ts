import { createGunzip, createZstdDecompress } from "node:zlib";
import { Readable, type Transform } from "node:stream";

import { extract } from "tar-stream";

import { BaseImageError, reasonOf } from "../../errors.ts";
import type { Layer, SavedImage } from "./layer.ts";
import { bytesOf, feed, readLayerTar, textOf, type LayerTar } from "./layer-tar.ts";

/** What a blob turned out to be; which of them are layers is known when the archive has been read. */
type Blob =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "tar"; readonly packing: Layer["packing"]; readonly bytes: number; readonly tar: LayerTar };

interface ManifestEntry {
  readonly Config: string;
  readonly Layers: readonly string[];
}

interface ImageConfig {
  readonly history?: readonly { readonly created_by?: string; readonly empty_layer?: boolean }[];
}

const TAR_BLOCK = 512;

/**
 * Reads what `docker save` writes, in the layout of the containerd store as well as in the older one, front to back and
 * without keeping it: of a layer only the list of its paths stays in memory.
 * @throws BaseImageError BASE_IMAGE_ARCHIVE_UNREADABLE when it is no such archive.
 */
export async function readSavedImage(archive: AsyncIterable<Buffer>, reference: string): Promise<SavedImage> {
  const blobs = await readBlobs(archive).catch((cause: unknown) => {
    throw unreadable(reference, reasonOf(cause), cause);
  });
  const [manifest] = readJson(blobs, "manifest.json", reference) as readonly ManifestEntry[];
  if (manifest === undefined) throw unreadable(reference, "manifest.json names no image");
  const { history = [] } = readJson(blobs, manifest.Config, reference) as ImageConfig;
  const made = history.filter((step) => step.empty_layer !== true);
  const layers = manifest.Layers.map((path, index) => {
    const blob = blobs.get(path);
    if (blob?.kind !== "tar") throw unreadable(reference, `${path} is no layer`);
    const digest = `sha256:${path.replace(/^blobs\/sha256\//, "").replace(/\/layer\.tar$/, "")}`;
    const createdBy = made[index]?.created_by ?? "";
    return { digest, blobBytes: blob.bytes, packing: blob.packing, createdBy, ...blob.tar };
  });
  return { reference, layers };
}

async function readBlobs(archive: AsyncIterable<Buffer>): Promise<ReadonlyMap<string, Blob>> {
  const blobs = new Map<string, Blob>();
  const tar = extract();
  const fed = feed(tar, archive);
  for await (const entry of tar) {
    const { name, type, size } = entry.header;
    if (type === "file") blobs.set(name, await readBlob(bytesOf(entry), size));
    else entry.resume();
  }
  await fed;
  return blobs;
}

/** A tar is a whole number of blocks and begins with a name; what else is not packed is one of the archive's own texts. */
async function readBlob(content: AsyncIterable<Buffer>, bytes: number): Promise<Blob> {
  const chunks = content[Symbol.asyncIterator]();
  const head = await atLeast(chunks, 4);
  const whole = rejoin(head, chunks);
  const packing = packingOf(head);
  const isText = packing === "none" && (bytes % TAR_BLOCK !== 0 || /^[\s{["]/.test(head.toString("latin1")));
  if (isText) return { kind: "text", text: await textOf(whole) };
  const tar = await readLayerTar(packing === "none" ? whole : through(whole, unpacker(packing)));
  return { kind: "tar", packing, bytes, tar };
}

async function atLeast(chunks: AsyncIterator<Buffer>, count: number): Promise<Buffer> {
  let head = Buffer.alloc(0);
  while (head.length < count) {
    const { value, done } = await chunks.next();
    if (done === true) break;
    head = Buffer.concat([head, value]);
  }
  return head;
}

async function* rejoin(head: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield head;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}

async function* through(chunks: AsyncIterable<Buffer>, transform: Transform): AsyncGenerator<Buffer> {
  const source = Readable.from(chunks, { objectMode: false });
  source.once("error", (error) => transform.destroy(error));
  yield* source.pipe(transform) as AsyncIterable<Buffer>;
}

function packingOf(head: Buffer): Layer["packing"] {
  if (head[0] === 0x1f && head[1] === 0x8b) return "gzip";
  return head.length >= 4 && head.readUInt32LE(0) === 0xfd2fb528 ? "zstd" : "none";
}

function unpacker(packing: "gzip" | "zstd"): Transform {
  return packing === "gzip" ? createGunzip() : createZstdDecompress();
}

function readJson(blobs: ReadonlyMap<string, Blob>, path: string, reference: string): unknown {
  const blob = blobs.get(path);
  if (blob?.kind !== "text") throw unreadable(reference, `there is no ${path} in it`);
  try {
    return JSON.parse(blob.text);
  } catch (cause) {
    throw unreadable(reference, `${path} is not JSON`, cause);
  }
}

function unreadable(reference: string, reason: string, cause?: unknown): BaseImageError {
  return new BaseImageError(
    "BASE_IMAGE_ARCHIVE_UNREADABLE",
    `${reference}: the saved image cannot be read: ${reason}`,
    {
      cause,
    },
  );
}
