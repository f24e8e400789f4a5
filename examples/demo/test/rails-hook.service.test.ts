import { randomBytes } from "node:crypto";
import { join } from "node:path";

import { lookUpServices } from "@slipway/testkit";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { buildBaseImages } from "../src/docker/chain.ts";

const APP = join(import.meta.dirname, "..", "..", "rails-app");
const services = lookUpServices("docker");

interface Ended {
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** In the stage of the example app in which assets are compiled. */
describe.skipIf(!services.available)(`a Rails app with the rake file of install-rails ${services.reason}`, () => {
  const image = `slipway-rails-hook:${randomBytes(4).toString("hex")}`;

  beforeAll(async () => {
    await buildBaseImages();
    const { code, stderr } = await docker(["build", "--network", "host", "--target", "assets", "--tag", image, APP]);
    if (code !== 0) throw new Error(stderr);
  }, 900_000);
  afterAll(() => docker(["image", "rm", "--force", image]));

  const inApp = (script: string, env: Readonly<Record<string, string>>): Promise<Ended> => {
    const given = { SECRET_KEY_BASE_DUMMY: "1", SKIP_YARN_INSTALL: "1", ...env };
    const words = Object.entries(given).flatMap(([name, value]) => ["--env", `${name}=${value}`]);
    const shell = `set -e; asset-sync install-rails > /dev/null; ${script}`;
    return docker(["run", "--rm", "--network", "host", ...words, image, "sh", "-c", shell]);
  };
  const TARGET = { ASSET_SYNC_TO: "file:///tmp/store", ASSET_SYNC_RELEASE: "v1" };
  const LIST = "cd /tmp/store && find assets -type f; asset-sync verify --receipt /app/public/.asset-receipt.json";

  it("syncs after assets:precompile: Propshaft with jsbundling and cssbundling", { timeout: 300_000 }, async () => {
    const { code, stdout, stderr } = await inApp(`bin/rails assets:clobber assets:precompile; ${LIST}`, TARGET);
    expect([code, code === 0 ? "" : stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^assets\/application-[0-9a-f]{8}\.(js|digested\.js)$/m);
    expect(stdout).toContain("assets/.manifest.json");
    expect(stdout).toContain("holds all");
  });

  it("syncs after assets:precompile: Sprockets", { timeout: 300_000 }, async () => {
    const sprockets = [
      `sed -i 's/^gem "propshaft"/gem "sprockets-rails"/' Gemfile`,
      "unset BUNDLE_DEPLOYMENT; bundle config set --local frozen false > /dev/null",
      "bundle install --quiet",
      "mkdir -p app/assets/config; echo '//= link_tree ../builds' > app/assets/config/manifest.js",
      "rm -rf public/assets; bin/rails assets:precompile",
    ].join("; ");
    const { code, stdout, stderr } = await inApp(`${sprockets}; ${LIST}`, TARGET);
    expect([code, code === 0 ? "" : stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^assets\/application-[0-9a-f]{64}\.js$/m);
    expect(stdout).toMatch(/^assets\/\.sprockets-manifest-[0-9a-f]+\.json$/m);
    expect(stdout).toContain("holds all");
  });

  it.each([
    ["no target is known", {}, ""],
    ["it is switched off", { ...TARGET, ASSET_SYNC_ON_PRECOMPILE: "false" }, ""],
  ])("does not sync where %s", { timeout: 300_000 }, async (_, env, script) => {
    const { code, stdout } = await inApp(`${script} bin/rails assets:precompile; ls /tmp`, env);
    expect([code, stdout.split("\n").includes("store")]).toEqual([0, false]);
  });

  it("fails where the sync fails, with its exit code", { timeout: 300_000 }, async () => {
    const { code, stderr } = await inApp("bin/rails assets:precompile", { ...TARGET, ASSET_SYNC_TO: "ftp://shop" });
    expect(code).toBe(2);
    expect(stderr).toContain("ASSET_SYNC_TARGET_INVALID");
  });
});

async function docker(words: readonly string[]): Promise<Ended> {
  const { exitCode, stdout, stderr } = await execa("docker", words, { reject: false });
  return { code: exitCode, stdout, stderr };
}
