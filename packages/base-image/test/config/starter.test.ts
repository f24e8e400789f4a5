import { tempTree } from "@slipway/testkit";
import { describe, expect, it } from "vitest";

import { surveyFolder, writeDefinition } from "../../src/config/starter.ts";

describe("a starting definition", () => {
  it("takes what the folder says", async () => {
    await using tree = await tempTree({
      ".ruby-version": "ruby-3.3.8\n",
      ".node-version": "v24.21.0\n",
      "package.json": '{ "packageManager": "yarn@1.22.22+sha512.abc" }',
      "Gemfile.lock": "GEM\n  specs:\n    pg (1.6.2)\n    rails (8.1.3)\n\nBUNDLED WITH\n   2.5.22\n",
    });
    const survey = await surveyFolder(tree.path);
    expect(survey).toEqual({
      ruby: "3.3.8",
      node: "24.21.0",
      packageManager: "yarn@1.22.22",
      bundledWith: "2.5.22",
      databases: ["postgresql"],
    });
    expect(writeDefinition(survey)).toContain('ruby: "3.3.8", // from .ruby-version');
    expect(writeDefinition(survey)).toContain("bundledWith(new URL(");
  });

  it("has a comment for what the folder does not say", async () => {
    await using tree = await tempTree();
    const text = writeDefinition(await surveyFolder(tree.path));
    expect(text).toContain("no .ruby-version here");
    expect(text).toContain("// packageManager:");
  });
});
