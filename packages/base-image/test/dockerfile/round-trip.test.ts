import { isDeepStrictEqual } from "node:util";

import { assert, property } from "fast-check";
import { describe, expect, it } from "vitest";

import { renderFile, type DockerfileFile } from "../../src/dockerfile/file.ts";
import { normalise } from "../../src/dockerfile/normalise.ts";
import { parsedFile } from "../../src/dockerfile/parse/parsed-file.ts";
import { parse } from "../../src/dockerfile/parse/parse.ts";
import { isBaseImageError } from "../../src/errors.ts";
import { from } from "../../src/stage/base.ts";
import { fileOf, stagesOf } from "../../src/stage/dockerfile.ts";
import { defineImage, type ImageDefinition } from "../../src/stage/image.ts";
import { script } from "../../src/stage/run-step.ts";
import { stage } from "../../src/stage/stage.ts";
import { definitions } from "./random-definition.ts";

/** What a file means: its global arguments, and of each stage the FROM and the instructions. */
interface Meaning {
  readonly globals: readonly object[];
  readonly stages: readonly (readonly object[])[];
}

describe("render and parse", () => {
  it("give back the instructions of 20,000 random definitions, and again what was read", () => {
    let compared = 0;
    assert(
      property(definitions, (definition) => {
        compared += survivors(definition);
      }),
      { numRuns: 20_000 },
    );
    expect(compared).toBeGreaterThan(50_000);
  }, 300_000);

  it("give back what is longer than a line of BuildKit may be", () => {
    const words = Array.from({ length: 20_000 }, (_, index) => `word-${index}`);
    const pairs = Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`A${index}`, "é$ ".repeat(10_000)]));
    const long = stage("long", from("debian"))
      .run(words.join(" "))
      .run(script(words.join("\n")))
      .env(pairs);
    expect(survivors(defineImage({ name: "x", stages: [long] }))).toBe(3);
  });
});

/** How many instructions came back; none where a value cannot be written down. */
function survivors(definition: ImageDefinition): number {
  const file = fileOf(definition, stagesOf(definition));
  const text = rendered(file);
  if (text === undefined) return 0;
  const built = meaningOf(file);
  const parsed = parse(text);
  expect(parsed.findings.filter(({ severity }) => severity === "error")).toEqual([]);
  const read = parsedFile(parsed);
  assertSame(meaningOf(read), built);
  assertSame(meaningOf(parsedFile(parse(renderFile(read).text))), built);
  return built.stages.reduce((sum, instructions) => sum + instructions.length - 1, 0);
}

function rendered(file: DockerfileFile): string | undefined {
  try {
    return renderFile(file).text;
  } catch (error) {
    if (isBaseImageError(error)) return undefined;
    throw error;
  }
}

function meaningOf({ globals, stages }: DockerfileFile): Meaning {
  return {
    globals: globals.map(normalise),
    stages: stages.map(({ from: base, entries }) => {
      const instructions = entries.filter((entry) => entry.instruction !== "COMMENT");
      return [base, ...instructions].map(normalise);
    }),
  };
}

/** Says what is different only where something is: that takes longer than all the rest. */
function assertSame(one: Meaning, other: Meaning): void {
  if (!isDeepStrictEqual(one, other)) expect(one).toEqual(other);
}
