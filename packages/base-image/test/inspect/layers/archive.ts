import { createHash } from "node:crypto";
import { gzipSync, zstdCompressSync } from "node:zlib";

import { pack } from "tar-stream";

/** Paths with their content; without content a folder. */
export type TarContent = Readonly<Record<string, string | Buffer | undefined>>;

/** A layer to put into an archive. */
export interface ArchiveLayer {
  readonly files: TarContent;
  readonly createdBy: string;
  readonly packing?: "none" | "gzip" | "zstd";
}

/** Two tars of the same content are the same bytes, whenever they are made. */
const LONG_AGO = new Date(0);

/** A tar of these entries, in their order. */
export async function tarOf(files: TarContent): Promise<Buffer> {
  const tar = pack();
  for (const [name, content] of Object.entries(files)) {
    if (content === undefined) tar.entry({ name, type: "directory", mtime: LONG_AGO });
    else tar.entry({ name, type: "file", mtime: LONG_AGO }, content);
  }
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** An archive as `docker save` writes it: in the layout of the containerd store, or in the older one. */
export async function archiveOf(layers: readonly ArchiveLayer[], layout: "oci" | "older" = "oci"): Promise<Buffer> {
  const blobs = await Promise.all(
    layers.map(async ({ files, packing = "gzip" }) => packed(await tarOf(files), packing)),
  );
  const paths = blobs.map((blob) => (layout === "oci" ? `blobs/sha256/${sha256(blob)}` : `${sha256(blob)}/layer.tar`));
  const history = layers.flatMap(({ createdBy }) => [
    { created_by: createdBy },
    { created_by: "ENV A=1", empty_layer: true },
  ]);
  const config = JSON.stringify({ history });
  const configPath = layout === "oci" ? `blobs/sha256/${sha256(config)}` : `${sha256(config)}.json`;
  return tarOf({
    [configPath]: config,
    ...Object.fromEntries(paths.map((path, index) => [path, blobs[index]])),
    "manifest.json": JSON.stringify([{ Config: configPath, RepoTags: ["x:1"], Layers: paths }]),
  });
}

/** An archive as a stream of pieces of this size. */
export async function* inPieces(archive: Buffer, size = 65_536): AsyncGenerator<Buffer> {
  for (let from = 0; from < archive.length; from += size) yield archive.subarray(from, from + size);
}

function packed(tar: Buffer, packing: "none" | "gzip" | "zstd"): Buffer {
  if (packing === "none") return tar;
  return packing === "gzip" ? gzipSync(tar) : zstdCompressSync(tar);
}

function sha256(content: string | Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}
