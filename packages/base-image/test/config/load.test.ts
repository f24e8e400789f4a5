import { fileURLToPath } from "node:url";

import { tempTree } from "@slipway/testkit";
import { execa } from "execa";
import { describe, expect, it } from "vitest";

import { loadDefinition } from "../../src/config/load.ts";
import { ERRORS } from "../../src/errors.ts";
import { rejection } from "../rejection.ts";

const INDEX = fileURLToPath(new URL("../../src/index.ts", import.meta.url));

async function load(text: string): Promise<unknown> {
  await using tree = await tempTree({ "package.json": '{"type":"module"}', "image.config.ts": text });
  return await loadDefinition(`${tree.path}/image.config.ts`);
}

describe("loadDefinition", () => {
  it("loads TypeScript", async () => {
    const text = `import { rubyNode } from ${JSON.stringify(INDEX)};\nconst ruby: string = "3.3";\nexport default rubyNode({ ruby, node: "24", suite: "trixie" });\n`;
    expect(await load(text)).toMatchObject({ definition: { name: "ruby-node" } });
  });

  it.each([
    ["an exception", 'const a = 1;\nthrow new RangeError("nope");\n', /image\.config\.ts:2: RangeError: nope/],
    [
      "a missing import",
      '// first\nimport x from "no-such-package";\nexport default x;\n',
      /image\.config\.ts:2: .*no-such-package/,
    ],
    ["a missing file", 'import x from "./absent.ts";\nexport default x;\n', /image\.config\.ts:1: .*absent\.ts/],
    ["something that is not a value", "export default null.x;\n", /image\.config\.ts:1: TypeError/],
  ])("says where %s is", async (_, text, message) => {
    const error = await rejection(() => load(text));
    expect(error).toMatchObject({ code: "BASE_IMAGE_CONFIG_LOAD_FAILED", exitCode: 2 });
    expect(error.message).toMatch(message);
  });

  it("is interrupted while a definition waits", async () => {
    await using tree = await tempTree({ "image.config.mts": "await new Promise(() => {});\nexport default 1;\n" });
    const interruption = new AbortController();
    const loading = rejection(() => loadDefinition(`${tree.path}/image.config.mts`, interruption.signal));
    interruption.abort();
    expect((await loading).code).toBe("BASE_IMAGE_INTERRUPTED");
  });

  it("refuses a definition that waits for itself", async () => {
    await using tree = await tempTree({ "image.config.mts": "await new Promise(() => {});\nexport default 1;\n" });
    const program = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));
    const args = ["--conditions=source", program, "--config", `${tree.path}/image.config.mts`, "render"];
    const { exitCode, stderr } = await execa(process.execPath, args, { reject: false });
    expect(exitCode).toBe(2);
    expect(stderr).toContain("a top-level await in it, or in what it imports, never ends");
  });

  it.each([
    ["no-such-package", "no-such-package"],
    ["no-such-package/part.js", "no-such-package"],
    ["@no-such/package/part.js", "@no-such/package"],
  ])("names the package to install for %s", async (specifier, name) => {
    const error = await rejection(() => load(`import x from ${JSON.stringify(specifier)};\nexport default x;\n`));
    expect(error.hint).toBe(`npm install --save-dev ${name}`);
  });

  it("names no package to install for a missing file", async () => {
    const error = await rejection(() => load('import x from "./absent.ts";\nexport default x;\n'));
    expect(error.hint).toBe(ERRORS.BASE_IMAGE_CONFIG_LOAD_FAILED.remedy);
  });

  it("says where a refused value is", async () => {
    const text = `import { rubyNode } from ${JSON.stringify(INDEX)};\n\nexport default rubyNode({ ruby: "1.9", node: "24", suite: "trixie" });\n`;
    const error = await rejection(() => load(text));
    expect(error.code).toBe("BASE_IMAGE_VERSION_UNSUPPORTED");
    expect(error.message).toMatch(/image\.config\.ts:3: rubyNode: ruby is "1.9"/);
  });

  it.each(["export const a = 1;\n", "export default 1;\n", "export default null;\n"])("refuses %j", async (text) => {
    expect((await rejection(() => load(text))).code).toBe("BASE_IMAGE_CONFIG_NOT_A_DEFINITION");
  });

  it("refuses a file that is not there", async () => {
    expect((await rejection(() => loadDefinition("/nowhere/x.ts"))).code).toBe("BASE_IMAGE_CONFIG_NOT_FOUND");
  });
});
