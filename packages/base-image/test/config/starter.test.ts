import { tempTree } from "@slipway/testkit";
import { describe, expect, it } from "vitest";

import { planStarter } from "../../src/config/starter.ts";
import { rejection } from "../rejection.ts";

async function plan(files: Readonly<Record<string, string>>, name: string): ReturnType<typeof planStarter> {
  await using tree = await tempTree(files);
  return await planStarter(`${tree.path}/${name}`);
}

describe("a starting definition", () => {
  it("has what the folder says, and a comment for what it does not say", async () => {
    const lock = "GEM\n  specs:\n    pg (1.6.2)\n\nBUNDLED WITH\n   2.5.22\n";
    const { text } = await plan({ ".ruby-version": "ruby-3.3.8\n", "Gemfile.lock": lock }, "x.mts");
    expect(text).toContain('ruby: "3.3.8", // from .ruby-version\n');
    expect(text).toContain('node: "24", // the default: no .node-version here\n');
    expect(text).toContain('databases: ["postgresql"],');
    expect(text).toContain("bundledWith(new URL(");
    expect(text).toContain("// packageManager:");
  });

  it("says what a file holds that names no version", async () => {
    const { text } = await plan({ ".node-version": "lts/jod\n" }, "x.mts");
    expect(text).toContain('node: "24", // the default: .node-version holds "lts/jod", which names no version\n');
  });

  it.each([
    ["x.ts", '{"type":"module"}'],
    ["sub/x.ts", '{"type":"module"}'],
    ["x.mts", "{}"],
  ])("may be %s beside a package.json of %s", async (name, manifest) => {
    const { text } = await plan({ "package.json": manifest, "sub/.keep": "" }, name);
    expect(text).toContain("export default");
  });

  it.each([
    ["x.ts", "{}", /Name it .*x\.mts, or set "type": "module"/],
    ["x.js", '{"type":"commonjs"}', /Name it .*x\.mjs, or set "type": "module"/],
    ["x.json", '{"type":"module"}', /--help/],
  ])("may not be %s beside a package.json of %s", async (name, manifest, hint) => {
    const error = await rejection(() => plan({ "package.json": manifest }, name));
    expect(error).toMatchObject({ code: "BASE_IMAGE_USAGE", hint: expect.stringMatching(hint) });
  });
});
