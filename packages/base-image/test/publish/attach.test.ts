import { describe, expect, it } from "vitest";

import { indexOf, stored, withStatement } from "../../src/publish/attach.ts";
import {
  isAttestation,
  MANIFEST_TYPE,
  parseIndex,
  parseManifest,
  type OciDescriptor,
} from "../../src/publish/oci-layout.ts";
import { componentStatement } from "../../src/publish/spdx.ts";

const HEX = "a".repeat(64);
const IMAGE: OciDescriptor = {
  mediaType: MANIFEST_TYPE,
  digest: `sha256:${HEX}`,
  size: 7,
  platform: { os: "linux", architecture: "arm64" },
};
const STATEMENT = componentStatement(
  { repository: "r.example.com/x", platform: "linux/arm64", digest: IMAGE.digest },
  [
    { name: "node", version: "24.21.0", purl: "pkg:generic/node@24.21.0" },
    { name: "openssl", version: "3.5.8", purl: "pkg:generic/openssl@3.5.8", within: "node" },
  ],
  1_000_000,
);

interface Statement {
  readonly subject: readonly { readonly digest: { readonly sha256: string } }[];
  readonly predicate: {
    readonly creationInfo: object;
    readonly packages: readonly { readonly SPDXID: string; readonly name: string }[];
    readonly relationships: readonly { readonly relationshipType: string; readonly relatedSpdxElement: string }[];
  };
}

describe("what is said of an image", () => {
  it("names its digest, each component, and what contains what", () => {
    const { subject, predicate } = JSON.parse(STATEMENT.toString("utf8")) as Statement;
    expect(subject).toEqual([{ name: "pkg:docker/r.example.com/x?platform=linux%2Farm64", digest: { sha256: HEX } }]);
    expect(predicate.creationInfo).toMatchObject({ created: "1970-01-12T13:46:40Z" });
    const ids = new Map(predicate.packages.map(({ SPDXID, name }) => [name, SPDXID]));
    expect(predicate.relationships).toEqual([
      { spdxElementId: "SPDXRef-DOCUMENT", relationshipType: "DESCRIBES", relatedSpdxElement: ids.get("node") },
      { spdxElementId: ids.get("node"), relationshipType: "CONTAINS", relatedSpdxElement: ids.get("openssl") },
    ]);
  });

  it("is added to what the builder attests, which stays", () => {
    const own = stored("application/vnd.in-toto+json", Buffer.from("{}"));
    const layer = { mediaType: own.mediaType, digest: own.digest, size: own.size };
    const config = { mediaType: "x/y", digest: `sha256:${"b".repeat(64)}`, size: 2 };
    const existing = { schemaVersion: 2, mediaType: MANIFEST_TYPE, config, layers: [layer] } as const;
    const { manifest, descriptor, blobs } = withStatement(IMAGE, existing, STATEMENT);
    const made = parseManifest(manifest.bytes);
    expect(made.layers).toEqual([
      layer,
      expect.objectContaining({ annotations: { "in-toto.io/predicate-type": "https://spdx.dev/Document" } }),
    ]);
    expect(blobs.map(({ digest }) => digest)).toEqual([made.layers[1]?.digest, made.config.digest]);
    expect(isAttestation(descriptor)).toBe(true);
    const index = parseIndex(indexOf([IMAGE], [descriptor], { a: "b" }).bytes);
    expect(index.manifests).toEqual([IMAGE, descriptor]);
    expect(parseManifest(withStatement(IMAGE, undefined, STATEMENT).manifest.bytes).layers).toHaveLength(1);
  });
});
