import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { PutObjectCommand } from "@aws-sdk/client-s3";
import { lookUpServices, serviceVariable } from "@slipway/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { serviceCredentials, testBucket } from "../../packages/asset-sync/test/store/test-bucket.ts";
import type { PackageRegistry } from "../packages/package-registry.ts";
import { startReleasedRegistry } from "../packages/release.ts";
import { HELD, linesNotHeld, stepsAfter } from "./held.ts";
import { startMachine } from "./machine.ts";
import { missingOutput, pageScript, pageSteps } from "./page.ts";
import { FOLLOWED, type FollowedPage } from "./proofs.ts";

const PAGES = join(import.meta.dirname, "../../docs/getting-started");
const APPS = join(import.meta.dirname, "apps");
const services = lookUpServices("docker", "npm", "postgres", "registry", "s3");

/** Each page is followed by a script of its own commands, on a machine that has only what the page asks for. */
describe.skipIf(!services.available)("a reader who does what the page says", () => {
  let registry: PackageRegistry;

  beforeAll(async () => {
    registry = await startReleasedRegistry();
  });
  afterAll(() => registry[Symbol.asyncDispose]());

  /** Follows a page; answers what went wrong, with all that was printed: a command that failed, or an output that did not come. */
  async function follow(page: FollowedPage, app: string | undefined, environment: Readonly<Record<string, string>>) {
    await using machine = await startMachine();
    if (app !== undefined) await machine.take(join(APPS, app));
    const steps = pageSteps(readFileSync(join(PAGES, page), "utf8"));
    const scope = { "npm_config_@slipway:registry": registry.endpoint, ...environment };
    const held = page === "from-nothing.md" ? HELD : [];
    const all = [...steps, ...stepsAfter(held)];
    const { code, output } = await machine.bash(pageScript(all), scope);
    const missing = [...missingOutput(all, output), ...linesNotHeld(held, all, output)];
    return code === 0 && missing.length === 0 ? "" : `${output}\nexit code ${code}, not printed: ${missing.join("\n")}`;
  }

  const readers: Readonly<Record<FollowedPage, (page: FollowedPage) => Promise<string>>> = {
    "from-nothing.md": (page) => {
      const repository = `${serviceVariable("TEST_REGISTRY")}/docs-${randomUUID().slice(0, 8)}`;
      return follow(page, undefined, { REGISTRY: repository });
    },
    "from-entrykit.md": (page) => follow(page, "entrykit", { DATABASE_URL: serviceVariable("TEST_DATABASE_URL") }),
    "from-asset_sync.md": comesFromAssetSync,
  };

  it.each(FOLLOWED)("gets there by %s", { timeout: 1_200_000 }, async (page) => {
    expect(await readers[page](page)).toBe("");
  });

  async function comesFromAssetSync(page: FollowedPage): Promise<string> {
    await using bucket = await testBucket();
    const old = { Bucket: bucket.name, Key: "assets/application-0a1b2c3d.css", Body: "body { color: black }\n" };
    await bucket.client.send(new PutObjectCommand({ ...old, ContentType: "text/css" }));
    const wrong = await follow(page, "gem", {
      ...serviceCredentials(),
      FOG_DIRECTORY: bucket.name,
      FOG_REGION: serviceVariable("TEST_S3_REGION"),
      ASSET_SYNC_ENDPOINT: serviceVariable("TEST_S3_ENDPOINT"),
      ASSET_SYNC_PATH_STYLE: "true",
      ASSET_SYNC_RELEASE: "v2",
    });
    expect(await bucket.keys()).toEqual(
      expect.arrayContaining([old.Key, "assets/application-4d5ae8c1.css", ".asset-sync/ledger.json.zst"]),
    );
    return wrong;
  }
});
