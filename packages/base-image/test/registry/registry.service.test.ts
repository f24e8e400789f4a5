import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { lookUpServices, serviceVariable, tempTree } from "@slipway/testkit";
import { execa } from "execa";
import { describe, expect, it } from "vitest";

import { connectRegistry, type Registry } from "../../src/registry/registry.ts";
import { from } from "../../src/stage/base.ts";
import { stage } from "../../src/stage/stage.ts";
import { runCli } from "../cli/run-cli.ts";
import { scratchBuild } from "../engine/scratch-build.ts";

const services = lookUpServices("docker", "registry");
const INDEX = fileURLToPath(new URL("../../src/index.ts", import.meta.url));

describe.skipIf(!services.available)("a real registry", () => {
  it("resolves, gives and tags what was pushed", async () => {
    const repository = randomName();
    const digest = await push(`${serviceVariable("TEST_REGISTRY")}/${repository}:1`, "one");
    const registry = connectRegistry(serviceVariable("TEST_REGISTRY"));
    expect(await registry.resolve(repository, "1")).toMatchObject({ digest });
    expect(await registry.resolve(repository, "2")).toBeUndefined();
    expect(await registry.resolve("slipway-test/absent", "1")).toBeUndefined();
    const manifest = await registry.manifest(repository, digest);
    if (manifest !== undefined) await registry.put(repository, manifest, "2");
    expect(await registry.resolve(repository, "2")).toMatchObject({ digest, mediaType: manifest?.mediaType });
  });

  it("lets in who signs in, and refuses others in its own words", async () => {
    expect(
      await signedIn(serviceVariable("TEST_REGISTRY_PASSWORD")).resolve("slipway-test/absent", "1"),
    ).toBeUndefined();
    const refused = { code: "BASE_IMAGE_REGISTRY_DENIED" };
    await expect(signedIn("wrong").resolve("slipway-test/absent", "1")).rejects.toMatchObject(refused);
    const anonymous = connectRegistry(serviceVariable("TEST_REGISTRY_AUTH"));
    await expect(anonymous.manifest("slipway-test/absent", "1")).rejects.toThrow(
      /UNAUTHORIZED: authentication required/,
    );
  });
});

describe.skipIf(!services.available)("base-image lock", () => {
  it("pins, keeps, and on an update says what changed", async () => {
    const image = `${serviceVariable("TEST_REGISTRY")}/${randomName()}:1`;
    const first = await push(image, "one");
    await using tree = await tempTree({
      "package.json": '{"type":"module"}',
      "base-image.config.ts": `import { defineImage, stage } from ${JSON.stringify(INDEX)};
export default defineImage({ name: "x", stages: [stage("a", ${JSON.stringify(image)})] });\n`,
    });
    const config = join(tree.path, "base-image.config.ts");

    expect(await runCli("--config", config, "lock")).toMatchObject({
      code: 0,
      stderr: `added    ${image}  ${first}\n`,
    });
    expect(JSON.parse(await readFile(join(tree.path, "base-image.lock.json"), "utf8"))).toEqual({
      format: "slipway-lock/1",
      images: { [image]: first },
    });
    expect((await runCli("--config", config, "render")).stdout).toBe(`FROM ${image}@${first} AS a\n`);

    const second = await push(image, "two and a half");
    expect((await runCli("--config", config, "lock")).stderr).toBe(`kept     ${image}  ${first}\n`);
    const { stderr } = await runCli("--config", config, "lock", "--update");
    expect(stderr).toContain(`moved    ${image}  ${first} → ${second}\n`);
    expect(stderr).toMatch(/\+0\.011 MB {2}\/content\n/);
    expect((await runCli("--config", config, "render")).stdout).toContain(second);
    await execa("docker", ["image", "rm", `${image}@${first}`, `${image}@${second}`], { reject: false });
  });
});

/** The registry that asks for a password. */
function signedIn(password: string): Registry {
  return connectRegistry(serviceVariable("TEST_REGISTRY_AUTH"), {
    credentials: { kind: "password", username: serviceVariable("TEST_REGISTRY_USERNAME"), password },
  });
}

function randomName(): string {
  return `slipway-test/${randomBytes(6).toString("hex")}`;
}

/** Builds an image around a text, pushes it, and gives its digest. */
async function push(image: string, content: string): Promise<string> {
  const built = stage("a", from("scratch")).write("/content", `${content}\n`.repeat(1000));
  await using scratch = await scratchBuild({ stages: [built] });
  await execa("docker", ["tag", scratch.tag, image]);
  try {
    const { stdout } = await execa("docker", ["push", image]);
    return /digest: (sha256:[0-9a-f]{64})/.exec(stdout)?.[1] ?? "";
  } finally {
    await execa("docker", ["image", "rm", image]);
  }
}
