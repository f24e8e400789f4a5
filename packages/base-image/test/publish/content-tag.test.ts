import { assert, constantFrom, dictionary, property, shuffledSubarray, string } from "fast-check";
import { describe, expect, it } from "vitest";

import { contentTag, type ImageChoices } from "../../src/publish/content-tag.ts";
import { TAG } from "../../src/registry/reference.ts";

const CHOICES: ImageChoices = {
  platforms: ["linux/amd64", "linux/arm64"],
  buildArgs: { A: "1", B: "2" },
  compression: "gzip",
};
const tagFor = (change: Partial<ImageChoices & { readonly inputHash: string }> = {}): string =>
  contentTag({ inputHash: change.inputHash ?? "a" }, { ...CHOICES, ...change });

describe("the tag of an image's content", () => {
  it("is another one for whatever changes the image", () => {
    const tags = [
      tagFor(),
      tagFor({ inputHash: "b" }),
      tagFor({ platforms: ["linux/amd64"] }),
      tagFor({ buildArgs: { A: "2", B: "1" } }),
      tagFor({ buildArgs: { A: "1" } }),
      tagFor({ compression: "zstd" }),
    ];
    expect(new Set(tags).size).toBe(tags.length);
  });

  it("is the same in whatever order these are given, and one a registry takes", () => {
    const anyArgs = dictionary(string(), string());
    const anyPlatforms = shuffledSubarray(["linux/amd64", "linux/arm64", "linux/s390x"], { minLength: 1 });
    assert(
      property(anyArgs, anyPlatforms, constantFrom("gzip", "zstd"), (buildArgs, platforms, compression) => {
        const reversed = Object.fromEntries(Object.entries(buildArgs).toReversed());
        const tag = tagFor({ buildArgs, platforms, compression });
        expect(tagFor({ buildArgs: reversed, platforms: platforms.toReversed(), compression })).toBe(tag);
        expect(tag).toMatch(TAG);
      }),
    );
  });
});
