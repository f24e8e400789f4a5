import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

import { lookUpServices } from "@slipway/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { startPackageRegistry, type PackageRegistry } from "./package-registry.ts";
import { projectWith } from "./project.ts";
import { publish, PUBLISHED, published, publishStep, startReleasedRegistry } from "./release.ts";

const run = promisify(execFile);
const services = lookUpServices("npm");

describe.skipIf(!services.available)("the release workflow's publish step", () => {
  let registry: PackageRegistry;

  beforeAll(async () => {
    registry = await startReleasedRegistry();
  });
  afterAll(() => registry[Symbol.asyncDispose]());

  it("publishes our packages and none that is private, and a second time nothing", async () => {
    const all = PUBLISHED.map((name) => expect.stringMatching(new RegExp(`^@slipway/${name}@\\d`)));
    expect(registry.published.toSorted()).toEqual(all);
    await expect(publish(registry)).resolves.toContain("No unpublished projects to publish");
    expect(registry.published).toHaveLength(PUBLISHED.length);
  });

  it.each(PUBLISHED)("leaves a %s that is installed alone and runs", async (name) => {
    await using project = await projectWith("npm", registry.endpoint, [published(name)]);
    const { stdout } = await run(join(project.path, "node_modules/.bin", name), ["--version"]);
    expect(registry.published).toContain(`${published(name)}@${stdout.split(" ").at(-1)?.trim()}`);
  });

  it("publishes nothing without provenance", async () => {
    await using empty = await startPackageRegistry();
    const { env } = await publishStep();
    // Provenance is signed for the identity token of a workflow, and this one may ask for none.
    const inWorkflow = {
      ...env,
      GITHUB_ACTIONS: "true",
      ACTIONS_ID_TOKEN_REQUEST_URL: "",
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: "",
    };
    await expect(publish(empty, inWorkflow)).rejects.toMatchObject({
      stdout: expect.stringMatching(/failed to publish/),
    });
    expect(empty.published).toEqual([]);
  });
});
