import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { promisify } from "node:util";

import { lookUpServices, type TempTree } from "@slipway/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { PackageRegistry } from "./package-registry.ts";
import { MANAGER_NAMES, projectWith, withInstallScript } from "./project.ts";
import { PUBLISHED, published, startReleasedRegistry } from "./release.ts";

const run = promisify(execFile);
const services = lookUpServices("npm", "docker");
const NAMES = PUBLISHED.map(published);

/** A use of each package that names values and types. */
const USE = `
import { defineImage, from, stage, type ImageDefinition } from "@slipway/base-image";
import { sync, type SyncOptions } from "@slipway/asset-sync";
import { defineEntrypoint } from "@slipway/entrypoint";

export const image: ImageDefinition = defineImage({ name: "tiny", stages: [stage("tiny", from("scratch")).label({ by: "us" })] });
export const upload: (options: SyncOptions) => Promise<unknown> = (options) => sync(options);
export default defineEntrypoint({ tasks: [] });
`;

/** What has to be a compile error, or the types resolve to nothing. */
const MISUSE = 'import { sync } from "@slipway/asset-sync";\nsync(1);\n';

describe.skipIf(!services.available)("the packages as their users get them", () => {
  let registry: PackageRegistry;

  beforeAll(async () => {
    registry = await startReleasedRegistry();
  });
  afterAll(() => registry[Symbol.asyncDispose]());

  it.each(MANAGER_NAMES)("are added to an empty project by %s, run, and run no script of theirs", async (manager) => {
    await using project = await projectWith(manager, registry.endpoint, NAMES);
    for (const name of PUBLISHED) {
      const { stdout } = await run(join(project.path, "node_modules/.bin", name), ["--version"]);
      expect(stdout).toMatch(/\d+\.\d+\.\d+\n$/);
    }
    expect(withInstallScript(project)).toEqual([]);
  });

  describe("in a project of TypeScript", () => {
    let project: TempTree;

    beforeAll(async () => {
      project = await projectWith("npm", registry.endpoint, [...NAMES, "typescript@7.0.2", "@types/node@24"]);
      await project.write({ "use.ts": USE, "misuse.ts": MISUSE });
    });
    afterAll(() => project[Symbol.asyncDispose]());

    const compile = (file: string, ...options: readonly string[]) =>
      run("npx", ["tsc", "--noEmit", "--strict", "--skipLibCheck", "false", "--types", "node", ...options, file], {
        cwd: project.path,
      });

    it.each([
      ["nodenext", "nodenext"],
      ["bundler", "esnext"],
    ])("their types resolve under %s", async (resolution, module) => {
      const options = ["--target", "es2023", "--module", module, "--moduleResolution", resolution];
      await expect(compile("use.ts", ...options)).resolves.toMatchObject({ stdout: "" });
      await expect(compile("misuse.ts", ...options)).rejects.toMatchObject({
        stdout: expect.stringContaining("misuse.ts"),
      });
    });

    it("are imported, and the installed base-image builds on an engine", async () => {
      await run(process.execPath, ["use.ts"], { cwd: project.path });
      const tag = `slipway-installed:${randomUUID()}`;
      const definition = USE.replace("export default defineEntrypoint({ tasks: [] });", "export default image;");
      await project.write({ "base-image.config.ts": definition });
      await run("npx", ["base-image", "build", "--tag", tag], { cwd: project.path });
      const { stdout } = await run("docker", ["image", "inspect", "--format", '{{index .Config.Labels "by"}}', tag]);
      await run("docker", ["image", "rm", tag]);
      expect(stdout).toBe("us\n");
    });
  });
});
