import { fileURLToPath } from "node:url";

import { lookUpServices, serviceVariable, startProgram, tempTree } from "@slipway/testkit";
import { describe, expect, it } from "vitest";

import { runCli, type Ran } from "../cli/run-cli.ts";
import { BARE, imageTags, registry, tagsWithDigests } from "./published.ts";
import { registryProxy, type SeenRequest } from "./registry-proxy.ts";
import { jsonLines, randomRepository, SMALL, smallDefinition } from "./small-image.ts";

const services = lookUpServices("docker", "registry");
const MAIN = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));

describe.skipIf(!services.available)("publish, when the registry cuts off the n-th request", () => {
  it("has tagged nothing unverified, and finishes when it runs again", { timeout: 300_000 }, async () => {
    await using proxy = await registryProxy(serviceVariable("TEST_REGISTRY"));
    await using small = await smallDefinition();
    const steps = await countRequests(proxy, small.config);
    expect(steps).toBeGreaterThan(15);
    const outcomes = new Set<number>();
    for (let failing = 1; failing <= steps; failing += 1) {
      const repository = randomRepository();
      const args = ["--json", "--config", small.config, "publish", "--to", `${proxy.host}/${repository}`, ...BARE];
      const begin = proxy.requests.length;
      proxy.intervene = (_, number) => (number - begin === failing ? "cut" : undefined);
      const ran = await runCli(...args);
      outcomes.add(ran.code);
      await expectOnlyVerified(repository, ran);
      proxy.intervene = () => undefined;
      expect({ failing, ...(await runCli(...args)) }).toMatchObject({ failing, code: 0 });
      expect(await imageTags(repository)).toHaveLength(2);
    }
    expect(outcomes).toContain(1);
  });

  it("the same when the program itself is killed there", { timeout: 300_000 }, async () => {
    await using proxy = await registryProxy(serviceVariable("TEST_REGISTRY"));
    await using small = await smallDefinition();
    const steps = await countRequests(proxy, small.config);
    for (let killing = 1; killing <= steps; killing += 4) {
      const repository = randomRepository();
      const args = ["--json", "--config", small.config, "publish", "--to", `${proxy.host}/${repository}`, ...BARE];
      const begin = proxy.requests.length;
      await using program = startProgram(process.execPath, ["--conditions=source", MAIN, ...args]);
      proxy.intervene = (_, number) => {
        if (number - begin === killing) program.kill("SIGKILL");
        return undefined;
      };
      await program.ended;
      proxy.intervene = () => undefined;
      await expectOnlyVerified(repository, { stdout: program.stdout() });
      expect({ killing, ...(await runCli(...args)) }).toMatchObject({ killing, code: 0 });
    }
  });
});

interface Refusal {
  readonly when: string;
  readonly hits: (request: SeenRequest) => boolean;
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

describe.skipIf(!services.available)("publish is refused in the registry's own words", () => {
  const IMMUTABLE = "tag invalid: The image tag already exists and cannot be overwritten because the tag is immutable.";

  it.each<Refusal>([
    { when: "it may only be read", hits: isUpload, status: 405, code: "UNSUPPORTED", message: "read-only mode" },
    { when: "the user may not write", hits: isUpload, status: 403, code: "DENIED", message: "no push for you" },
    { when: "it is full", hits: isBody, status: 507, code: "UNKNOWN", message: "no space left on device" },
    { when: "it lets no tag be moved", hits: isTagPut, status: 400, code: "TAG_INVALID", message: IMMUTABLE },
  ])("when $when", async ({ hits, status, code, message }) => {
    await using proxy = await registryProxy(serviceVariable("TEST_REGISTRY"));
    const body = JSON.stringify({ errors: [{ code, message }] });
    proxy.intervene = (request) => (hits(request) ? { status, body } : undefined);
    await using small = await smallDefinition();
    const repository = randomRepository();
    const ran = await runCli(
      "--json",
      "--config",
      small.config,
      "publish",
      "--to",
      `${proxy.host}/${repository}`,
      ...BARE,
    );
    expect(ran).toMatchObject({ code: 1, stderr: expect.stringContaining(`${status} ${code}: ${message}`) });
    expect(await imageTags(repository)).toEqual([]);
    const built = jsonLines(ran.stdout).some(({ type }) => type === "step-started");
    // Nobody waits for a build that cannot be pushed.
    expect(built).toBe(hits !== isUpload);
  });

  it("when a tag that does not move names another image by now; --force moves it and says from where", async () => {
    await using proxy = await registryProxy(serviceVariable("TEST_REGISTRY"));
    const repository = randomRepository();
    const to = ["publish", "--to", `${proxy.host}/${repository}`, ...BARE];
    await using other = await smallDefinition(SMALL.replace("one", "two"));
    expect((await runCli("--config", other.config, ...to)).code).toBe(0);
    const stranger = await registry().manifest(repository, "app");
    await using small = await smallDefinition();
    const { stdout } = await runCli("--config", small.config, ...to, "--dry-run");
    const content = /:(input-[0-9a-f]{64})/.exec(stdout)?.[1] ?? "";
    const before = await tagsWithDigests(repository);

    let race: Promise<void> | undefined;
    proxy.intervene = ({ method }) => {
      if (method === "PATCH" && stranger !== undefined) race ??= registry().put(repository, stranger, content);
      return undefined;
    };
    const refused = await runCli("--config", small.config, ...to);
    await race;
    expect(refused).toMatchObject({ code: 3, stderr: expect.stringContaining("[BASE_IMAGE_TAG_TAKEN]") });
    expect(refused.stderr).toMatch(new RegExp(`:${content} names ${stranger?.digest}; it would have to name sha256:`));
    expect((await tagsWithDigests(repository)).get("app")).toBe(before.get("app"));

    const forced = await runCli("--config", small.config, ...to, "--force");
    expect(forced).toMatchObject({ code: 0, stderr: expect.stringContaining(`(was ${stranger?.digest})`) });
    expect((await tagsWithDigests(repository)).get(content)).not.toBe(stranger?.digest);
  });

  it("when it is not signed in with the right password, and lets in who is", async () => {
    await using small = await smallDefinition();
    const host = serviceVariable("TEST_REGISTRY_AUTH");
    const repository = randomRepository();
    const publishAs = async (password: string): Promise<Ran> => {
      const auth = Buffer.from(`${serviceVariable("TEST_REGISTRY_USERNAME")}:${password}`).toString("base64");
      await using docker = await tempTree({ "config.json": JSON.stringify({ auths: { [host]: { auth } } }) });
      await using program = startProgram(
        process.execPath,
        ["--conditions=source", MAIN, "--config", small.config, "publish", "--to", `${host}/${repository}`],
        { env: { ...process.env, DOCKER_CONFIG: docker.path } },
      );
      const { code } = await program.ended;
      return { code: code ?? -1, stdout: program.stdout(), stderr: program.stderr() };
    };
    const wrong = await publishAs("wrong-password");
    expect(wrong).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/401 UNAUTHORIZED: authentication required/),
    });
    expect(wrong.stderr).toContain("[BASE_IMAGE_REGISTRY_DENIED]");
    expect(wrong.stderr).not.toContain("wrong-password");
    const right = await publishAs(serviceVariable("TEST_REGISTRY_PASSWORD"));
    expect(right).toMatchObject({ code: 0, stderr: expect.stringMatching(/added .*:app sha256:/) });
  });
});

/** Every tag names a digest that this run pushed, and whose assertions had all passed by then. */
async function expectOnlyVerified(repository: string, { stdout }: Pick<Ran, "stdout">): Promise<void> {
  const events = jsonLines(stdout);
  const pushed = events.find(({ type }) => type === "image-pushed");
  const assertions = events.filter(({ type }) => type === "assertion");
  const tagged = await tagsWithDigests(repository);
  const passed = assertions.length === 2 && assertions.every((each) => each["passed"] === true);
  const approved = passed ? pushed?.["digest"] : "none";
  expect([...tagged.values()].filter((digest) => digest !== approved)).toEqual([]);
}

async function countRequests(proxy: Awaited<ReturnType<typeof registryProxy>>, config: string): Promise<number> {
  const begin = proxy.requests.length;
  const to = `${proxy.host}/${randomRepository()}`;
  expect((await runCli("--config", config, "publish", "--to", to, ...BARE)).code).toBe(0);
  return proxy.requests.length - begin;
}

function isUpload({ method }: SeenRequest): boolean {
  return method === "POST";
}

function isBody({ method }: SeenRequest): boolean {
  return method === "PATCH";
}

function isTagPut({ method, path }: SeenRequest): boolean {
  return method === "PUT" && /\/manifests\/(?!sha256:)/.test(path);
}
