import { createHash } from "node:crypto";

import type { StoredManifest } from "../registry/registry.ts";
import { INDEX_TYPE, MANIFEST_TYPE, type OciDescriptor, type OciIndex, type OciManifest } from "./oci-layout.ts";
import { SPDX_PREDICATE } from "./spdx.ts";

const STATEMENT_TYPE = "application/vnd.in-toto+json";
const CONFIG_TYPE = "application/vnd.oci.image.config.v1+json";

/** Attestations of one image, with the blobs that are not in the builder's export. */
export interface Attested {
  readonly manifest: StoredManifest;
  readonly blobs: readonly StoredManifest[];
  readonly descriptor: OciDescriptor;
}

/**
 * The attestations of an image with one statement more; BuildKit's own stay as they are. Pure.
 * @see https://github.com/moby/buildkit/blob/master/docs/attestations/attestation-storage.md
 */
export function withStatement(image: OciDescriptor, existing: OciManifest | undefined, statement: Buffer): Attested {
  const blob = stored(STATEMENT_TYPE, statement);
  const layer: OciDescriptor = {
    ...descriptorOf(blob),
    annotations: { "in-toto.io/predicate-type": SPDX_PREDICATE },
  };
  const layers = [...(existing?.layers ?? []), layer];
  const config = stored(
    CONFIG_TYPE,
    json({
      architecture: "unknown",
      os: "unknown",
      config: {},
      rootfs: { type: "layers", diff_ids: layers.map(({ digest }) => digest) },
    }),
  );
  const manifest = stored(
    MANIFEST_TYPE,
    json({ schemaVersion: 2, mediaType: MANIFEST_TYPE, config: descriptorOf(config), layers }),
  );
  return {
    manifest,
    blobs: [blob, config],
    descriptor: {
      ...descriptorOf(manifest),
      platform: { architecture: "unknown", os: "unknown" },
      annotations: {
        "vnd.docker.reference.digest": image.digest,
        "vnd.docker.reference.type": "attestation-manifest",
      },
    },
  };
}

/** The index that tags will name: the images, then what is known of them. */
export function indexOf(
  images: readonly OciDescriptor[],
  attestations: readonly OciDescriptor[],
  annotations: Readonly<Record<string, string>>,
): StoredManifest {
  const index: OciIndex = {
    schemaVersion: 2,
    mediaType: INDEX_TYPE,
    manifests: [...images, ...attestations],
    annotations,
  };
  return stored(INDEX_TYPE, json(index));
}

/** Bytes with their digest. */
export function stored(mediaType: string, bytes: Buffer): StoredManifest {
  const digest = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
  return { mediaType, digest, size: bytes.length, bytes };
}

function descriptorOf({ mediaType, digest, size }: StoredManifest): OciDescriptor {
  return { mediaType, digest, size };
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}
