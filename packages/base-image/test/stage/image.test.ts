import { describe, expect, it } from "vitest";

import { defineImage, variantStage } from "../../src/stage/image.ts";
import { nearest } from "../../src/dockerfile/known-keys.ts";
import { stage } from "../../src/stage/stage.ts";
import { rejection } from "../rejection.ts";

const a = stage("a", "debian");

describe("defineImage", () => {
  it("makes the last stage the variant", () => {
    expect(Object.keys(defineImage({ name: "x", stages: [a] }).variants)).toEqual(["a"]);
  });

  it("refuses an unknown key with the near spelling", async () => {
    const input = { name: "x", stages: [a], contxt: "." };
    const error = await rejection(() => defineImage(input));
    expect(error).toMatchObject({ code: "BASE_IMAGE_UNKNOWN_KEY", hint: "Did you mean context?", exitCode: 2 });
  });

  it.each([
    ["no stages", { name: "x", stages: [] }],
    ["a name with a blank", { name: "a b", stages: [a] }],
  ])("refuses %s", async (_, input) => {
    expect((await rejection(() => defineImage(input))).code).toBe("BASE_IMAGE_INVALID_VALUE");
  });

  it("refuses a variant that is not there", async () => {
    const definition = defineImage({ name: "x", stages: [a], variants: { runtime: a } });
    const error = await rejection(() => variantStage(definition, "runtim"));
    expect(error).toMatchObject({ code: "BASE_IMAGE_UNKNOWN_VARIANT", hint: "Did you mean runtime?" });
    expect((await rejection(() => variantStage(definition, "toString"))).code).toBe("BASE_IMAGE_UNKNOWN_VARIANT");
  });
});

describe("a stage", () => {
  it("never changes", () => {
    const before = a.run("one");
    const left = before.run("left");
    const right = before.run("right");
    expect([a, before, left, right].map(({ steps }) => steps.length)).toEqual([0, 1, 2, 2]);
  });
});

it("suggests only what is near", () => {
  expect(nearest("runtme", ["runtime", "builder"])).toBe("runtime");
  expect(nearest("x", ["runtime", "builder"])).toBeUndefined();
});
