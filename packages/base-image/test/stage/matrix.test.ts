import { describe, expect, it } from "vitest";

import { bakeFile, joinedBakeFile } from "../../src/stage/bake.ts";
import { defineImage, type ImageDefinition } from "../../src/stage/image.ts";
import { imageOf, isImageMatrix, matrix } from "../../src/stage/matrix.ts";
import { stage } from "../../src/stage/stage.ts";

const made = (tag: string): ImageDefinition => defineImage({ name: "x", stages: [stage("app", `ruby:${tag}`)] });
const AXES = { ruby: ["3.3", "3.4"], suite: ["bookworm", "trixie"] } as const;

describe("a matrix", () => {
  it("has an image for every combination but those that are not to be", () => {
    const rubies = matrix(AXES, ({ ruby, suite }) => (ruby === "3.4" && suite === "bookworm" ? undefined : made(ruby)));
    expect(isImageMatrix(rubies)).toBe(true);
    expect(Object.keys(rubies.images)).toEqual(["3.3-bookworm", "3.3-trixie", "3.4-trixie"]);
    expect(imageOf(rubies, "3.4-trixie")[1].stages[0]?.base).toMatchObject({ image: "ruby:3.4" });
    expect(() => imageOf(rubies, "3.4-trixi")).toThrow(
      expect.objectContaining({ code: "BASE_IMAGE_USAGE", hint: "Did you mean 3.4-trixie?" }),
    );
    expect(() => imageOf(rubies, undefined)).toThrow(/it has 3\.3-bookworm, 3\.3-trixie, 3\.4-trixie/);
  });

  it.each([
    ["axes without values", () => matrix({ ruby: [] }, ({ ruby }) => made(ruby))],
    ["a value that is no part of a tag", () => matrix({ ruby: ["3.3-slim"] }, ({ ruby }) => made(ruby))],
    ["nothing at all", () => matrix(AXES, () => undefined)],
    ["what is no definition", () => matrix(AXES, () => ({}) as ImageDefinition)],
  ])("of %s is refused", (_, make) =>
    expect(make).toThrow(expect.objectContaining({ code: "BASE_IMAGE_INVALID_VALUE" })),
  );

  it("is one bake file, with a target for each image and variant", () => {
    const { images } = matrix(AXES, ({ ruby }) => made(ruby));
    const files = Object.entries(images).map(([image, each]) =>
      bakeFile(each, {
        image,
        platforms: ["linux/arm64"],
        repository: "r.example.com/x",
        labels: () => ({ a: "b" }),
        cache: (name) => ({ from: `from ${name}`, to: `to ${name}` }),
      }),
    );
    const { group, target } = joinedBakeFile(files);
    expect(group.default.targets).toEqual(["3_3-bookworm-app", "3_3-trixie-app", "3_4-bookworm-app", "3_4-trixie-app"]);
    expect(Object.keys(target)).toEqual(group.default.targets);
    expect(target["3_4-trixie-app"]).toEqual({
      context: ".",
      "dockerfile-inline": "FROM ruby:3.4 AS app\n",
      target: "app",
      tags: ["r.example.com/x:3.4-trixie-app"],
      platforms: ["linux/arm64"],
      labels: { a: "b" },
      "cache-from": ["from 3.4-trixie-app"],
      "cache-to": ["to 3.4-trixie-app"],
    });
  });
});
