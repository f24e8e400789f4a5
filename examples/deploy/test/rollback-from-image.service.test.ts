import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

import { lookUpServices, serviceVariable, tempTree } from "@slipway/testkit";
import { execa } from "execa";
import { afterEach, describe, expect, it, vi } from "vitest";

import { assetOrigin } from "./asset-origin.ts";
import { pretended, Stage, type Built } from "./stage.ts";

const services = lookUpServices("docker", "registry", "s3");
const manifest = createRequire(import.meta.url).resolve("@slipway/asset-sync/package.json");
const ASSET_SYNC = [process.execPath, join(dirname(manifest), "dist/bundle/asset-sync.mjs")];

const OLD_SCRIPT = "assets/app-5f0d5c6a1be9e8c73a24.js";

/** Each release has a script of its own; the style is of both. */
const SOURCES = {
  v1: { [`public/${OLD_SCRIPT}`]: `old();${" ".repeat(2000)}` },
  v2: { "public/assets/app-9b41c7e2d05f8a63b1de.js": `newer();${" ".repeat(2000)}` },
};
const SHARED = { "public/assets/app-c20e7d9f4b6a15830fae.css": `a{color:red}${" ".repeat(2000)}` };

describe.skipIf(!services.available)(`a rollback with image, registry and S3 ${services.reason}`, () => {
  afterEach(() => vi.unstubAllEnvs());

  it("serves every asset of the old release again, collected or not, as it was", async () => {
    await using origin = await assetOrigin();
    await using images = new PushedImages();
    await using stage = await Stage.open(ASSET_SYNC);
    useService(origin.name);

    await stage.release("v1", 1, await images.build("v1"));
    const old = await origin.served();
    await stage.release("v2", 2, await images.build("v2"));
    const both = await origin.served();
    expect(old[`${OLD_SCRIPT}.gz`]).toMatchObject({
      type: expect.stringContaining("javascript"),
      encoding: "gzip",
      caching: expect.stringContaining("immutable"),
    });
    expect(both).toMatchObject(old);

    expect(await stage.step("collect", "--keep", "1")).toMatchObject({ exitCode: 0 });
    await assetSync("collect", "--keep", "1", "--min-age", "0s");
    const left = await origin.served();
    const collected = Object.keys(old).filter((key) => !(key in left));
    expect(collected).toEqual([OLD_SCRIPT, `${OLD_SCRIPT}.br`, `${OLD_SCRIPT}.gz`]);

    await images.forget("v1");
    expect(await images.has("v1")).toBe(false);
    expect(await stage.rollback()).toMatchObject({ message: "", exitCode: 0 });
    expect(await origin.served()).toEqual(both);
    expect(stage.markers().at(-1)).toMatchObject({ release: "v1", rolledBackFrom: "v2" });

    await assetSync("collect", "--keep", "1", "--min-age", "0s");
    expect(await origin.served()).toMatchObject(old);
  });
});

/** The service's bucket, as asset-sync finds it: in AWS a region says all of this. */
function useService(bucket: string): void {
  vi.stubEnv("ASSET_SYNC_TO", `s3://${bucket}`);
  vi.stubEnv("ASSET_SYNC_ENDPOINT", serviceVariable("TEST_S3_ENDPOINT"));
  vi.stubEnv("ASSET_SYNC_REGION", serviceVariable("TEST_S3_REGION"));
  vi.stubEnv("ASSET_SYNC_PATH_STYLE", "true");
  vi.stubEnv("AWS_ACCESS_KEY_ID", serviceVariable("TEST_S3_ACCESS_KEY_ID"));
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", serviceVariable("TEST_S3_SECRET_ACCESS_KEY"));
}

async function assetSync(...args: readonly string[]): Promise<void> {
  const [node = "", ...program] = ASSET_SYNC;
  await execa(node, [...program, ...args]);
}

/** Images of an app in a repository of their own; the local engine forgets them when the scope ends. */
class PushedImages implements AsyncDisposable {
  readonly #registry = serviceVariable("TEST_REGISTRY");
  readonly #repository = `deploy-test-${randomBytes(4).toString("hex")}`;
  readonly #digests = new Map<string, string>();

  /** Syncs the release's assets, builds the image that holds them and their receipt, and pushes it. */
  async build(release: keyof typeof SOURCES): Promise<Built> {
    const dockerfile = "FROM scratch\nWORKDIR /app\nCOPY public/ public/\n";
    await using tree = await tempTree({ ...SOURCES[release], ...SHARED, Dockerfile: dockerfile });
    const folder = join(tree.path, "public");
    await assetSync("sync", folder, "--release", release, "--compress", "gzip,br");
    const image = this.#tag(release);
    await execa("docker", ["build", "--platform", "linux/arm64", "--provenance", "false", "--tag", image, tree.path]);
    await execa("docker", ["push", image]);
    const { stdout } = await execa("docker", ["image", "inspect", "--format", "{{index .RepoDigests 0}}", image]);
    const digest = stdout.slice(stdout.indexOf("@") + 1);
    this.#digests.set(release, digest);
    const { pdf } = pretended(release).images;
    const app = { registry: this.#registry, repository: this.#repository, digest };
    return { images: { app, pdf }, receipt: await this.#receipt(image) };
  }

  /** Removes the image from the local engine, so that whoever needs it fetches it from the registry. */
  async forget(release: string): Promise<void> {
    await execa("docker", ["image", "rm", "--force", this.#tag(release)]);
  }

  /** Whether the local engine has the image. */
  async has(release: string): Promise<boolean> {
    const { failed } = await execa("docker", ["image", "inspect", this.#byDigest(release)], { reject: false });
    return !failed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const names = [...this.#digests.keys()].flatMap((release) => [this.#tag(release), this.#byDigest(release)]);
    await execa("docker", ["image", "rm", "--force", ...names], { reject: false });
  }

  /** The receipt comes out of the image, as in the pipelines. */
  async #receipt(image: string): Promise<Uint8Array> {
    const { stdout: container } = await execa("docker", ["create", image, "true"]);
    await using tree = await tempTree();
    try {
      await execa("docker", ["cp", `${container}:/app/public/.asset-receipt.json`, join(tree.path, "receipt.json")]);
      return await readFile(join(tree.path, "receipt.json"));
    } finally {
      await execa("docker", ["rm", container]);
    }
  }

  #tag(release: string): string {
    return `${this.#registry}/${this.#repository}:build-${release}`;
  }

  #byDigest(release: string): string {
    return `${this.#registry}/${this.#repository}@${this.#digests.get(release) ?? ""}`;
  }
}
