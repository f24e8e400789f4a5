import { lookUpServices, serviceVariable } from "@slipway/testkit";
import { describe, expect, it } from "vitest";

import { connectEngine } from "../../src/engine/engine.ts";
import { runCli, type Ran } from "../cli/run-cli.ts";
import { BARE, imageTags, tagsWithDigests } from "./published.ts";
import { registryProxy } from "./registry-proxy.ts";
import { jsonLines, randomRepository, SMALL, smallDefinition } from "./small-image.ts";

const services = lookUpServices("docker", "registry");

describe.skipIf(!services.available)("publish", () => {
  it("builds, pushes by digest, verifies and tags; a second time it asks and builds nothing", async () => {
    await using proxy = await registryProxy(serviceVariable("TEST_REGISTRY"));
    await using small = await smallDefinition();
    const repository = randomRepository();
    const args = ["--json", "--config", small.config, "publish", "--to", `${proxy.host}/${repository}`];
    const first = await runCli(...args);
    expect(first).toMatchObject({ code: 0 });
    const events = jsonLines(first.stdout);
    const types = events.map(({ type }) => type).filter((type) => !String(type).startsWith("step-"));
    expect(types.indexOf("image-pushed")).toBeLessThan(types.indexOf("assertion"));
    expect(types.lastIndexOf("assertion")).toBeLessThan(types.indexOf("tag-settled"));
    const tags = await imageTags(repository);
    expect(tags).toEqual(["app", expect.stringMatching(/^input-[0-9a-f]{64}$/)]);

    const from = proxy.requests.length;
    const second = await runCli(...args);
    expect(second).toMatchObject({ code: 0 });
    const requests = proxy.requests.slice(from);
    expect(requests.length).toBeLessThanOrEqual(2 * tags.length);
    expect(requests.every(({ method }) => method === "GET" || method === "HEAD")).toBe(true);
    const [before, after] = [events, jsonLines(second.stdout)].map((lines) => lines.at(-1));
    expect(digestIn(after)).toBe(digestIn(before));
    expect(after).toMatchObject({ images: [{ variant: "app", built: false }] });
    expect(second.stdout).not.toContain("step-");
  });

  it("gives the same digest to the same inputs, and says what it would do", async () => {
    await using small = await smallDefinition();
    const target = [
      "--config",
      small.config,
      "publish",
      "--to",
      `${serviceVariable("TEST_REGISTRY")}/${randomRepository()}`,
    ];
    const plan = await runCli(...target, ...BARE, "--dry-run");
    expect(plan).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/to be built[^]*docker buildx build .*type=oci/),
    });
    const digests = [];
    for (const run of [0, 1]) {
      const { code, stdout } = await runCli(
        "--json",
        ...target,
        ...BARE,
        "--no-cache",
        ...(run === 0 ? [] : ["--force"]),
      );
      expect(code).toBe(0);
      digests.push(digestIn(jsonLines(stdout).at(-1)));
    }
    expect(digests[0]).toMatch(/^sha256:/);
    expect(digests[1]).toBe(digests[0]);
    const again = await runCli(...target, ...BARE, "--dry-run");
    expect(again.stdout).toMatch(/published already[^]*:app is there/);
  });

  it("leaves an image that verify and layers fetch by its name", async () => {
    await using small = await smallDefinition();
    const to = `${serviceVariable("TEST_REGISTRY")}/${randomRepository()}`;
    const config = ["--config", small.config];
    expect(await runCli(...config, "publish", "--to", to, ...BARE)).toMatchObject({ code: 0 });
    const image = `${to}:app`;
    try {
      expect(await runCli(...config, "verify", image)).toMatchObject({ code: 0 });
    } finally {
      await (await connectEngine()).getImage(image).remove();
    }
    expect(await runCli("layers", `${to}:nothing`)).toMatchObject({ code: 1, stderr: expect.stringContaining(to) });
  });

  it("builds variants of one stage once, and all their tags name that image", async () => {
    await using small = await smallDefinition(SMALL, "variants: { one: app, two: app }");
    const repository = randomRepository();
    const to = `${serviceVariable("TEST_REGISTRY")}/${repository}`;
    const args = ["--json", "--config", small.config, "publish", "--to", to, ...BARE];
    const first = await runCli(...args);
    expect(first).toMatchObject({ code: 0 });
    expect(jsonLines(first.stdout).filter(({ type }) => type === "image-pushed")).toHaveLength(1);
    const tags = await tagsWithDigests(repository);
    expect([...tags.keys()]).toEqual([expect.stringMatching(/^input-/), "one", "two"]);
    expect(new Set(tags.values()).size).toBe(1);
    const second = jsonLines((await runCli(...args)).stdout).filter(({ type }) => type === "tag-settled");
    expect(second.map(({ change }) => change)).toEqual(["kept", "kept", "kept", "kept"]);
  });

  it("moves no tag to what fails its verification or goes beyond its budget", async () => {
    const repository = randomRepository();
    const to = `${serviceVariable("TEST_REGISTRY")}/${repository}`;
    await using good = await smallDefinition();
    expect((await runCli("--config", good.config, "publish", "--to", to, ...BARE)).code).toBe(0);
    const before = await tagsWithDigests(repository);

    await using lying = await smallDefinition(
      'stage("app", from("scratch")).write("/x", "two").label({ "slipway.input": "mine" })',
    );
    const refused = await runCli("--config", lying.config, "publish", "--to", to, ...BARE);
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining("[BASE_IMAGE_VERIFY_FAILED]") });
    expect(refused.stderr).toMatch(/no tag was moved: label slipway\.input is mine/);

    await using large = await smallDefinition(SMALL.replace("one", "three"), 'budget: { app: { maxSize: "1 kB" } }');
    const over = await runCli("--config", large.config, "publish", "--to", to, ...BARE);
    expect(over).toMatchObject({ code: 3, stderr: expect.stringContaining("[BASE_IMAGE_OVER_BUDGET]") });
    expect(over.stderr).toMatch(/variant app is 0\.00\d MB, maxSize is 0\.001 MB; its biggest layers are:\n.*COPY/);
    expect(await tagsWithDigests(repository)).toEqual(before);
  });

  it("holds what is published against a budget that is new or less, and remembers the one it was published with", async () => {
    const to = ["publish", "--to", `${serviceVariable("TEST_REGISTRY")}/${randomRepository()}`, ...BARE];
    const run = async (budget: string, ...flags: readonly string[]): Promise<Ran> => {
      await using small = await smallDefinition(
        SMALL,
        budget === "" ? "" : `budget: { app: { maxSize: "${budget}" } }`,
      );
      return await runCli("--config", small.config, ...to, ...flags);
    };
    expect((await run("")).code).toBe(0);
    const over = await run("1 kB");
    expect(over).toMatchObject({ code: 3, stderr: expect.stringContaining("[BASE_IMAGE_OVER_BUDGET]") });
    expect(over.stderr).not.toContain("is published");
    expect((await run("1 kB", "--dry-run")).stdout).toMatch(/^app: to be measured against its budget, /);
    expect(await run("1 MB")).toMatchObject({ code: 0, stderr: expect.stringContaining("app is published") });
    expect((await run("1 MB", "--force")).code).toBe(0);
    expect((await run("2 MB", "--dry-run")).stdout).toMatch(/^app: published already, /);
    expect((await run("1 kB")).code).toBe(3);
  });
});

function digestIn(summary: unknown): unknown {
  return (summary as { readonly images?: readonly { readonly digest?: string }[] } | undefined)?.images?.[0]?.digest;
}
