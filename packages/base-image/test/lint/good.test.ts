import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { lint } from "../../src/lint/lint.ts";
import { lintDefinition } from "../../src/lint/lint-definition.ts";
import { rubyNode } from "../../src/recipe/ruby-node.ts";

const GOOD = join(import.meta.dirname, "good");
const GOLDEN = join(import.meta.dirname, "..", "golden");

/** What is true of a good file all the same. */
const TRUE_ALL_THE_SAME: Readonly<Record<string, readonly string[]>> = {
  // an image to develop in, and images that others are built on, run as root
  "development.Dockerfile": ["final-user-missing"],
  "library-ruby-slim.Dockerfile": [
    "legacy-key-value",
    "legacy-key-value",
    "legacy-key-value",
    "legacy-key-value",
    "legacy-key-value",
    "legacy-key-value",
    "final-user-missing",
  ],
};

describe("Dockerfiles as they are written in the field", () => {
  it.each(readdirSync(GOOD))("%s has no finding that is not true", async (name) => {
    const { findings } = await lint(readFileSync(join(GOOD, name), "utf8"));
    expect(findings.map(({ code, line, message }) => ({ code, line, message }))).toEqual(
      (TRUE_ALL_THE_SAME[name] ?? []).map((code) => expect.objectContaining({ code })),
    );
  });

  it.each(readdirSync(GOLDEN))("%s, made by the recipe, has no finding", async (name) => {
    const text = readFileSync(join(GOLDEN, name), "utf8");
    const ignore = { "final-user-missing": "builder is for builds" };
    const { findings } = await lint(text, { targets: ["runtime", "builder"], ignore });
    expect(findings.map(({ code, line, message }) => ({ code, line, message }))).toEqual([]);
  });

  it("the recipe's definition has no finding", async () => {
    const report = await lintDefinition(rubyNode({ ruby: "3.3", node: "24", suite: "trixie" }));
    expect(report.findings).toEqual([]);
  });
});
