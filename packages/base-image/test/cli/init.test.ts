import { symlink } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import { tempTree } from "@slipway/testkit";
import { execa } from "execa";
import { describe, expect, it } from "vitest";

const PACKAGE = fileURLToPath(new URL("../../", import.meta.url));
const INDEX = fileURLToPath(new URL("../../src/index.ts", import.meta.url));
const MAIN = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));

interface Ran {
  readonly exitCode?: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

async function program(cwd: string, ...args: readonly string[]): Promise<Ran> {
  return await execa(process.execPath, ["--conditions=source", MAIN, ...args], { cwd, reject: false });
}

const definition = (name: string): string =>
  `import { defineImage, stage } from ${JSON.stringify(INDEX)};
export default defineImage({ name: "${name}", stages: [stage("a", "debian")] });`;

describe("base-image init", () => {
  it.each([
    ["no package.json", undefined, "base-image.config.mts"],
    ["a package.json without a type", "{}", "base-image.config.mts"],
    ["a package.json of CommonJS", '{"type":"commonjs"}', "base-image.config.mts"],
    ["a package.json of modules", '{"type":"module"}', "base-image.config.ts"],
  ])("writes once, beside %s, a definition that loads without a word", async (_, manifest, name) => {
    await using tree = await tempTree({ ".ruby-version": "3.3\n", "node_modules/@slipway/README": "" });
    if (manifest !== undefined) await tree.write({ "package.json": manifest });
    await symlink(PACKAGE, `${tree.path}/node_modules/@slipway/base-image`);
    const init = await program(tree.path, "init");
    expect(init).toMatchObject({
      exitCode: 0,
      stderr: `wrote ${name}\nnext: npm install --save-dev @slipway/base-image\nthen: base-image build`,
    });
    const render = await program(tree.path, "render");
    expect(render).toMatchObject({ exitCode: 0, stderr: "" });
    expect(render.stdout).toContain("FROM ruby:3.3-slim-trixie AS base");
    const again = await program(tree.path, "init");
    expect(again.exitCode).toBe(2);
    expect(again.stderr).toContain(`${name} is already there`);
  });

  it("leaves a definition that says which package it misses", async () => {
    await using tree = await tempTree({ "package.json": "{}" });
    await program(tree.path, "init");
    const { exitCode, stderr } = await program(tree.path, "render");
    expect(exitCode).toBe(2);
    expect(stderr).toContain("\n  npm install --save-dev @slipway/base-image\n  [BASE_IMAGE_CONFIG_LOAD_FAILED]");
  });

  it.each(['import "node:fs";\n\nexport default 1;\n', "export default 1;\n"])(
    "says how a definition that node takes for CommonJS becomes a module: %j",
    async (text) => {
      await using tree = await tempTree({ "package.json": '{"type":"commonjs"}', "x.config.ts": text });
      const { exitCode, stderr } = await program(tree.path, "--config", "x.config.ts", "render");
      expect(exitCode).toBe(2);
      expect(stderr).toContain('rename it to .mts, or set "type": "module" in package.json');
    },
  );

  it("takes base-image.config.ts before .mts", async () => {
    await using tree = await tempTree({
      "package.json": '{"type":"module"}',
      "base-image.config.mts": definition("two"),
    });
    expect((await program(tree.path, "check")).stdout).toContain("two:");
    await tree.write({ "base-image.config.ts": definition("one") });
    expect((await program(tree.path, "check")).stdout).toContain("one:");
  });

  it("refuses a folder that is not there", async () => {
    await using tree = await tempTree({ "package.json": '{"type":"module"}' });
    const { exitCode, stderr } = await program(tree.path, "--config", "sub/dir/v.config.ts", "init");
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(
      /sub\/dir\/v\.config\.ts cannot be written: .*\n {2}Make the folder.*\n {2}\[BASE_IMAGE_FILE_UNWRITABLE\]/,
    );
  });
});
