import { array, assert, constantFrom, nat, option, property, record, shuffledSubarray, tuple } from "fast-check";
import { describe, expect, it } from "vitest";

import {
  compareVersions,
  floatingTags,
  parseVersionTag,
  versionTag,
  type ImageVersion,
} from "../../src/publish/version-tags.ts";
import { TAG } from "../../src/registry/reference.ts";

const image = (
  ruby: string,
  node: string,
  suite: ImageVersion["suite"] = "trixie",
  variant?: string,
): ImageVersion => ({
  ruby,
  node,
  suite,
  variant,
});

const anyImage = record({
  ruby: tuple(constantFrom("3.3", "3.4"), nat(12)).map(([minor, patch]) => `${minor}.${patch}`),
  node: tuple(constantFrom("22", "24"), nat(11), nat(2)).map((parts) => parts.join(".")),
  suite: constantFrom<ImageVersion["suite"]>("bookworm", "trixie"),
  variant: option(constantFrom("builder", "pdf"), { nil: undefined }),
});

describe("the tags of a version", () => {
  it("say ruby, node, the suite and the variant, and shorter ones less", () => {
    const runtime = image("3.4.10", "24.21.0");
    expect(versionTag(runtime)).toBe("ruby-3.4.10-node-24.21.0-trixie");
    expect(floatingTags(runtime, [])).toEqual([
      "ruby-3.4.10-node-24.21.0",
      "ruby-3.4-node-24-trixie",
      "ruby-3.4-node-24",
    ]);
    expect(versionTag(image("3.4.10", "24.21.0", "bookworm", "builder"))).toBe(
      "ruby-3.4.10-node-24.21.0-bookworm-builder",
    );
  });

  it("compare numbers, not texts", () => {
    const [old, current] = [image("3.4.9", "24.21.0"), image("3.4.10", "24.3.0")];
    expect(compareVersions(old, current)).toBeLessThan(0);
    expect(floatingTags(old, [current])).toEqual(["ruby-3.4.9-node-24.21.0"]);
    expect(floatingTags(current, [old])).toContain("ruby-3.4-node-24");
  });

  it("without a suite stay with the newer suite, and variants have their own", () => {
    const [bookworm, trixie] = [image("3.4.10", "24.21.0", "bookworm"), image("3.4.9", "24.21.0")];
    expect(floatingTags(bookworm, [trixie])).toEqual(["ruby-3.4.10-node-24.21.0", "ruby-3.4-node-24-bookworm"]);
    expect(floatingTags(trixie, [bookworm])).toContain("ruby-3.4-node-24");
    expect(floatingTags(image("3.4.9", "24.21.0"), [image("3.4.10", "24.21.0", "trixie", "builder")])).toHaveLength(3);
  });

  it("are tags a registry takes, and refused when they are not", () => {
    assert(
      property(anyImage, (version) => {
        for (const tag of [versionTag(version), ...floatingTags(version, [])]) expect(tag).toMatch(TAG);
        expect(parseVersionTag(versionTag(version))).toEqual(version);
        for (const tag of floatingTags(version, [])) expect(parseVersionTag(tag)).not.toEqual(version);
      }),
    );
    const long = image("3.4.10", "24.21.0", "trixie", "v".repeat(97));
    expect(() => versionTag(long)).toThrow(/129 characters; expected at most 128/);
    expect(parseVersionTag("ruby-3.4-node-24-trixie")).toBeUndefined();
    expect(parseVersionTag("latest")).toBeUndefined();
  });

  it("name the highest of all in whatever order these are published, and never go back", () => {
    const published = array(anyImage, { minLength: 1, maxLength: 12 }).chain((all) =>
      shuffledSubarray(all, { minLength: all.length }),
    );
    assert(
      property(published, (order) => {
        const registry = new Map<string, ImageVersion>();
        for (const [index, version] of order.entries()) {
          for (const tag of floatingTags(version, order.slice(0, index))) {
            const before = registry.get(tag);
            expect(compareVersions(before ?? version, version)).toBeLessThanOrEqual(0);
            registry.set(tag, version);
          }
        }
        for (const version of order) {
          for (const tag of floatingTags(version, [])) {
            const named = registry.get(tag);
            expect(named).toBeDefined();
            expect(compareVersions(named ?? version, version)).toBeGreaterThanOrEqual(0);
          }
        }
      }),
    );
  });
});
