import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";

import type { Content } from "../registry/session.ts";

/** @see https://github.com/opencontainers/image-spec/blob/main/descriptor.md */
export interface OciDescriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly platform?: { readonly os: string; readonly architecture: string; readonly variant?: string };
  readonly annotations?: Readonly<Record<string, string>>;
}

/** What an image of one platform, or its attestations, consist of. */
export interface OciManifest {
  readonly schemaVersion: 2;
  readonly mediaType: string;
  readonly config: OciDescriptor;
  readonly layers: readonly OciDescriptor[];
}

/** Images that belong together. */
export interface OciIndex {
  readonly schemaVersion: 2;
  readonly mediaType: string;
  readonly manifests: readonly OciDescriptor[];
  readonly annotations?: Readonly<Record<string, string>>;
}

/** What a builder exported: a folder in the layout of the specification. */
export interface OciLayout {
  /** The images and their attestations. */
  readonly manifests: readonly OciDescriptor[];
  read(digest: string): Promise<Buffer>;
  content(digest: string): Promise<Content>;
}

export const INDEX_TYPE = "application/vnd.oci.image.index.v1+json";
export const MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json";

/**
 * Reads the folder that `docker buildx build --output type=oci,tar=false` writes, whose index names one image or an index.
 * @see https://github.com/opencontainers/image-spec/blob/main/image-layout.md
 */
export async function readOciLayout(folder: string): Promise<OciLayout> {
  const pathOf = (digest: string): string => join(folder, "blobs", ...digest.split(":"));
  const read = (digest: string): Promise<Buffer> => readFile(pathOf(digest));
  const top = parseIndex(await readFile(join(folder, "index.json")));
  const [first] = top.manifests;
  const manifests = first?.mediaType === INDEX_TYPE ? parseIndex(await read(first.digest)).manifests : top.manifests;
  return {
    manifests: manifests.map(({ annotations, ...descriptor }) => ({
      ...descriptor,
      ...(isAttestation({ ...descriptor, annotations }) ? { annotations } : {}),
    })),
    read,
    content: async (digest) => ({
      size: (await stat(pathOf(digest))).size,
      stream: () => createReadStream(pathOf(digest)),
    }),
  };
}

/** Whether a manifest is BuildKit's record of another one. @see https://github.com/moby/buildkit/blob/master/docs/attestations/attestation-storage.md */
export function isAttestation({
  annotations,
}: Pick<OciDescriptor, "annotations"> | { annotations: undefined }): boolean {
  return annotations?.["vnd.docker.reference.type"] === "attestation-manifest";
}

/** `linux/arm64`, `linux/arm/v7` */
export function platformName({ platform }: OciDescriptor): string {
  return [platform?.os, platform?.architecture, platform?.variant].filter((part) => part !== undefined).join("/");
}

export function parseManifest(bytes: Buffer): OciManifest {
  return JSON.parse(bytes.toString("utf8")) as OciManifest;
}

export function parseIndex(bytes: Buffer): OciIndex {
  return JSON.parse(bytes.toString("utf8")) as OciIndex;
}
