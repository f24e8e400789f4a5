import { createHash } from "node:crypto";

import type { Component } from "../inspect/components.ts";

/** The image a statement is about. */
export interface StatementSubject {
  readonly repository: string;
  readonly platform: string;
  /** Of the manifest of this platform: `sha256:…` */
  readonly digest: string;
}

/** What says which kind of statement an attestation's layer is. */
export const SPDX_PREDICATE = "https://spdx.dev/Document";

/**
 * An in-toto statement with an SPDX document that names these components, of the kind BuildKit attaches for what its scanner
 * finds. The same bytes for the same image.
 * @see https://github.com/moby/buildkit/blob/master/docs/attestations/sbom.md
 * @see https://spdx.github.io/spdx-spec/v2.3/
 */
export function componentStatement(subject: StatementSubject, components: readonly Component[], epoch: number): Buffer {
  const hex = subject.digest.replace(/^sha256:/, "");
  const statement = {
    _type: "https://in-toto.io/Statement/v0.1",
    predicateType: SPDX_PREDICATE,
    subject: [
      {
        name: `pkg:docker/${subject.repository}?platform=${encodeURIComponent(subject.platform)}`,
        digest: { sha256: hex },
      },
    ],
    predicate: {
      spdxVersion: "SPDX-2.3",
      dataLicense: "CC0-1.0",
      SPDXID: "SPDXRef-DOCUMENT",
      name: `${subject.repository} ${subject.platform}: what no package database names`,
      documentNamespace: `urn:slipway:sbom:${hex}`,
      creationInfo: {
        created: new Date(epoch * 1000).toISOString().replace(".000", ""),
        creators: ["Tool: base-image"],
      },
      packages: components.map((component) => ({
        SPDXID: idOf(component),
        name: component.name,
        versionInfo: component.version,
        downloadLocation: "NOASSERTION",
        externalRefs: [
          { referenceCategory: "PACKAGE-MANAGER", referenceType: "purl", referenceLocator: component.purl },
        ],
      })),
      relationships: components.map((component) => relationshipOf(component, components)),
    },
  };
  return Buffer.from(JSON.stringify(statement));
}

function relationshipOf(component: Component, components: readonly Component[]): object {
  const owner = components.find(({ name, within }) => name === component.within && within === undefined);
  return owner === undefined
    ? { spdxElementId: "SPDXRef-DOCUMENT", relationshipType: "DESCRIBES", relatedSpdxElement: idOf(component) }
    : { spdxElementId: idOf(owner), relationshipType: "CONTAINS", relatedSpdxElement: idOf(component) };
}

/** Names may hold what an SPDX identifier may not. */
function idOf({ purl, within = "" }: Component): string {
  return `SPDXRef-${createHash("sha256").update(`${within}\0${purl}`).digest("hex").slice(0, 16)}`;
}
