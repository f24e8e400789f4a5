import { describe, expect, it } from "vitest";

import { indexOf } from "../../src/publish/attach.ts";
import type { Candidate } from "../../src/publish/candidate.ts";
import { planPublish } from "../../src/publish/plan.ts";
import { assertVersionsFree, settle } from "../../src/publish/settle.ts";
import { publishTarget, type PublishTarget } from "../../src/publish/target.ts";
import { versionTag, type ImageVersion } from "../../src/publish/version-tags.ts";
import { connectRegistry, type StoredManifest } from "../../src/registry/registry.ts";
import { fakeRegistry, type FakeRegistry } from "../registry/fake-registry.ts";
import { SHARED_BASE } from "../shared-base.ts";

const VERSION: ImageVersion = { ruby: "3.3.5", node: "24.1.0", suite: "trixie", variant: undefined };
const OWN = versionTag(VERSION);
const BUILD = {
  platforms: ["linux/amd64"],
  compression: "gzip",
  build: { buildArgs: {}, secrets: [], network: undefined, noCache: false },
} as const;

describe("tags that others change during a build", () => {
  it("stay with a higher version that is published before they are moved", async () => {
    await using server = await fakeRegistry();
    const target = await runtimeTarget();
    const plan = await planPublish([target], false, placeIn(server));
    server.tags.set(versionTag({ ...VERSION, ruby: "3.3.6" }), "{}");
    server.tags.set("ruby-3.3-node-24-trixie", "{}");
    const [published] = await settle(plan, [candidateOf(target, "own")], false, placeIn(server));
    expect(published?.tags.map(({ tag }) => tag)).toEqual([target.contentTag, OWN, "ruby-3.3.5-node-24.1.0"]);
    expect(server.tags.get("ruby-3.3-node-24-trixie")).toBe("{}");
  });

  it("name the image of the same inputs that was published first", async () => {
    await using server = await fakeRegistry();
    const target = await runtimeTarget();
    const plan = await planPublish([target], false, placeIn(server));
    const [own, other] = [candidateOf(target, "own"), candidateOf(target, "other")];
    server.tags.set(target.contentTag, other.index.bytes.toString("utf8"));
    server.tags.set(OWN, other.index.bytes.toString("utf8"));
    await assertVersionsFree([own], placeIn(server).repository);
    const [published] = await settle(plan, [own], false, placeIn(server));
    expect(published).toMatchObject({ digest: other.index.digest, built: false });
    expect(new Set(server.tags.values())).toEqual(new Set([other.index.bytes.toString("utf8")]));
    const [forced] = await settle(plan, [own], true, placeIn(server));
    expect(forced).toMatchObject({ digest: own.index.digest, built: true });
  });

  it("are refused before a verification where the version has other inputs", async () => {
    await using server = await fakeRegistry();
    const own = candidateOf(await runtimeTarget(), "own");
    const { repository } = placeIn(server);
    await expect(assertVersionsFree([own], repository)).resolves.toBeUndefined();
    server.tags.set(OWN, "{}");
    await expect(assertVersionsFree([own], repository)).rejects.toMatchObject({
      code: "BASE_IMAGE_TAG_TAKEN",
      message: expect.stringContaining(`:${OWN} names sha256:`),
    });
  });
});

async function runtimeTarget(): Promise<PublishTarget> {
  const loaded = { definition: SHARED_BASE, folder: import.meta.dirname, file: import.meta.filename };
  return publishTarget(loaded, "runtime", { epoch: 0 }, BUILD);
}

/** What a build of the target could have come to; `made` tells one build from another. */
function candidateOf(target: PublishTarget, made: string): Candidate {
  const { ruby, node } = VERSION;
  const facts = { "slipway.input": target.plan.inputHash, "slipway.ruby": ruby, "slipway.node": node, made };
  const index: StoredManifest = indexOf([], [], facts);
  return { target, index, versions: { ruby, node }, images: [] };
}

function placeIn({ host }: FakeRegistry): Parameters<typeof settle>[3] {
  const registry = connectRegistry(host, { credentials: { kind: "password", username: "me", password: "right" } });
  return { repository: { registry, host, path: "a/b" }, signal: undefined, emit: () => undefined };
}
