import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { lookUpServices, tempTree } from "@slipway/testkit";
import { execa } from "execa";
import { describe, expect, it } from "vitest";

import { runCli } from "./run-cli.ts";

const services = lookUpServices("docker");
const INDEX = fileURLToPath(new URL("../../src/index.ts", import.meta.url));

const MATRIX = `import { defineImage, from, matrix, PROGRAMS_PATH, stage } from ${JSON.stringify(INDEX)};
export default matrix({ ruby: ["3.3", "3.4"] }, ({ ruby }) => {
  const app = stage("app", from("scratch")).write("/ruby", ruby).copy(PROGRAMS_PATH, "/usr/local/");
  return defineImage({ name: "x", stages: [app], programs: ["tool"] });
});\n`;

describe.skipIf(!services.available)("a bake file of a matrix", () => {
  it("is built by Docker alone, with the programs in the folder that was written", async () => {
    await using tree = await tempTree({
      "package.json": '{"type":"module"}',
      "image.config.ts": MATRIX,
      "node_modules/tool/package.json": '{"name":"tool","bin":{"tool":"./bin/tool"}}',
      "node_modules/tool/bin/tool": "#!/bin/sh\n",
    });
    const [config, folder] = [join(tree.path, "image.config.ts"), join(tree.path, "context")];
    expect(await runCli("--config", config, "bake")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("base-image bake --context FOLDER"),
    });
    const { code, stdout } = await runCli("--config", config, "bake", "--context", folder);
    expect(code).toBe(0);
    const target = { output: [`type=local,dest=${join(tree.path, "out")}`] };
    const bake = JSON.parse(stdout) as { readonly target: Readonly<Record<string, object>> };
    const merged = { ...bake, target: { ...bake.target, "3_4-app": { ...bake.target["3_4-app"], ...target } } };
    await execa("docker", ["buildx", "bake", "--file", "-", "--allow", "fs=*", "3_4-app"], {
      input: JSON.stringify(merged),
    });
    expect(await readFile(join(tree.path, "out/ruby"), "utf8")).toBe("3.4\n");
    expect(await readFile(join(tree.path, "out/usr/local/bin/tool"), "utf8")).toBe("#!/bin/sh\n");
    expect(await runCli("--config", config, "bake", "--context", folder)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("[BASE_IMAGE_FILE_EXISTS]"),
    });
    expect(await runCli("--config", config, "bake", "--context", `${config}/below`)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/cannot be written to .*: ENOTDIR[^]*\[BASE_IMAGE_FILE_UNWRITABLE\]/),
    });
  });
});
