import { describe, expect, it } from "vitest";

import { run } from "../../src/cli/run.ts";
import { resolveOptions, type Flags } from "../../src/config/options.ts";
import { sync } from "../../src/sync/sync.ts";
import { verify } from "../../src/verify/verify.ts";
import { syncFixture, syncWithEvents } from "../sync/fixture.ts";
import { cloudFrontDouble } from "./cloudfront-double.ts";

const PATIENCE = { pause: async () => undefined };
const ID = "E2EXAMPLE";

describe("a sync with --cloudfront", () => {
  it("has the plain files that it sent forgotten, after the ledger, and nothing else", async () => {
    await using world = await syncFixture();
    await using cdn = await cloudFrontDouble();
    const events = await syncWithEvents(world.options({ cloudfront: ID }));
    expect(events.map(({ type }) => type).slice(-4)).toEqual([
      "ledger-written",
      "invalidated",
      "receipt-written",
      "summary",
    ]);
    expect(events.at(-1)).toMatchObject({ requests: { total: 8, put: 6, get: 1, invalidate: 1 } });
    await world.tree.write({ "assets/robots.txt": "User-agent: x", "assets/new-0f0f0f0f.js": "new" });
    await sync(world.options({ cloudfront: ID, release: "v2" }));
    await world.tree.write({ "assets/newer-0f0f0f0e.js": "newer" });
    expect(await sync(world.options({ cloudfront: ID, release: "v3" }))).toMatchObject({ requests: { invalidate: 0 } });
    expect(cdn.invalidated.map(({ paths }) => paths)).toEqual([["/pre/assets/robots.txt"], ["/pre/assets/robots.txt"]]);
    expect(cdn.requests).toBe(2);
  });

  it("says in a line what it had forgotten, and counts the request in the last one", async () => {
    await using world = await syncFixture();
    await using _cdn = await cloudFrontDouble();
    const { endpoint, region } = world.double;
    const words = [
      "--to",
      "s3://shop-assets",
      "--release",
      "v1",
      "--endpoint",
      endpoint,
      "--region",
      region,
      "--path-style",
    ];
    let shown = "";
    const stdout = { write: (text: string) => (shown += text) };
    const terminal = { stdout, stderr: stdout, environment: process.env, directory: world.tree.path };
    const { signal } = new AbortController();
    expect(await run(["sync", ".", ...words, "--cloudfront", ID], terminal, signal)).toBe(0);
    expect(shown).toContain(`\ncdn       1 path invalidated at ${ID}\n`);
    expect(shown).toContain("8 requests (1 GET, 6 PUT, 1 INVALIDATE)");
  });

  it("asks nobody in a dry run", async () => {
    await using world = await syncFixture();
    await using cdn = await cloudFrontDouble();
    await sync(world.options({ cloudfront: ID, dryRun: true }));
    expect(cdn.requests).toBe(0);
  });

  it("counts the request among those that --max-requests allows", async () => {
    await using world = await syncFixture();
    await using cdn = await cloudFrontDouble();
    await expect(sync(world.options({ cloudfront: ID, maxRequests: "7" }))).rejects.toMatchObject({
      code: "ASSET_SYNC_TOO_MANY_REQUESTS",
    });
    expect(cdn.requests).toBe(0);
  });

  it("encodes what CloudFront wants encoded, wildcards in names too", async () => {
    await using world = await syncFixture({ "assets/ö a*b#c&d~.txt": "x", "assets/plain@2x,(1).txt": "y" });
    await using cdn = await cloudFrontDouble();
    await sync(world.options({ cloudfront: `${ID}/` }));
    expect(cdn.invalidated[0]?.paths).toEqual(["/assets/%C3%B6%20a%2Ab%23c&d%7E.txt", "/assets/plain@2x,(1).txt"]);
  });

  it("pays once where answers are lost and the build is tried again", async () => {
    await using world = await syncFixture();
    await using cdn = await cloudFrontDouble();
    const options = world.options({ cloudfront: ID });
    cdn.faults.push("cut", { status: 503, code: "ServiceUnavailable" });
    await sync(options, { patience: PATIENCE });
    expect(cdn).toMatchObject({ requests: 3, invalidated: { length: 1 } });
    await world.tree.write({ "assets/robots.txt": "User-agent: x" });
    const next = world.options({ cloudfront: ID, release: "v2" });
    cdn.faults.push("cut", "cut", "cut", "cut", "cut", "cut");
    await expect(sync(next, { patience: PATIENCE })).rejects.toMatchObject({ code: "ASSET_SYNC_INVALIDATION_FAILED" });
    await sync(next, { patience: PATIENCE });
    expect(cdn).toMatchObject({ requests: 10, invalidated: { length: 2 } });
  });

  it("pays again for a way back to the same bytes: a rollback, or a build under an old name", async () => {
    await using world = await syncFixture();
    await using cdn = await cloudFrontDouble();
    for (const [release, robots] of [
      ["v1", "a"],
      ["v2", "b"],
      ["v1", "a"],
      ["v2", "b"],
      ["v2", "a"],
      ["v2", "b"],
    ] as const) {
      await world.tree.write({ "assets/robots.txt": robots });
      await sync(world.options({ cloudfront: ID, release }));
    }
    expect(cdn.invalidated).toHaveLength(6);
  });

  it("that CloudFront refuses fails with what to do, and running again repeats it", async () => {
    await using world = await syncFixture();
    await using cdn = await cloudFrontDouble();
    const options = world.options({ cloudfront: ID });
    cdn.faults.push({ status: 403, code: "AccessDenied" });
    await expect(sync(options)).rejects.toMatchObject({
      code: "ASSET_SYNC_INVALIDATION_FAILED",
      exitCode: 1,
      message: expect.stringContaining(`${ID} was not told to forget 1 path(s): AccessDenied: as told`),
      hint: expect.stringMatching(/cloudfront:CreateInvalidation.*Running the same command again/),
    });
    expect(await sync(options)).toMatchObject({ uploaded: 1, unchanged: 4, requests: { invalidate: 1 } });
    expect(cdn.invalidated).toHaveLength(1);
    expect(await sync(options)).toMatchObject({ uploaded: 0, requests: { total: 1 } });
    expect(await verify({ receipt: options.receipt })).toMatchObject({ holds: true, requests: { total: 1 } });
  });

  it("makes up for a run that failed between a plain file and the invalidation, whatever release comes next", async () => {
    await using world = await syncFixture();
    await using cdn = await cloudFrontDouble();
    await sync(world.options({ cloudfront: ID }));
    await world.tree.write({ "assets/robots.txt": "User-agent: x" });
    let isBroken = true;
    world.double.fail({
      fault: { kind: "answer", status: 400, code: "InvalidRequest" },
      matches: ({ method, key }) => isBroken && method === "PUT" && key.endsWith("manifest.json"),
    });
    await world.tree.write({ "assets/.manifest.json": "{}" });
    await expect(sync(world.options({ cloudfront: ID, release: "v2" }))).rejects.toMatchObject({
      code: "ASSET_SYNC_STORE_FAILED",
    });
    isBroken = false;
    expect(cdn.invalidated).toHaveLength(1);
    await sync(world.options({ cloudfront: ID, release: "v3" }));
    expect(cdn.invalidated.map(({ paths }) => paths)).toEqual([["/pre/assets/robots.txt"], ["/pre/assets/robots.txt"]]);
  });
});

describe("the distribution", () => {
  it.each([
    ["E2EXAMPLE", "/pre/"],
    ["E2EXAMPLE/", "/"],
    ["E2EXAMPLE/static", "/static/"],
  ])("%s serves the root of the keys at %s", (text, root) => {
    expect(distributionOf({ cloudfront: text })).toEqual({ distribution: ID, root });
    expect(distributionOf({}, { ASSET_SYNC_CLOUDFRONT: text })).toEqual({ distribution: ID, root });
    expect(distributionOf({ file: { cloudfront: text } })).toEqual({ distribution: ID, root });
  });

  it.each<Flags>([
    { cloudfront: "" },
    { cloudfront: "d111111abcdef8.cloudfront.net" },
    { cloudfront: "E2EXAMPLE/*" },
    { cloudfront: "PRODUCTION" },
    { cloudfront: "E2" },
    { cloudfront: "arn:aws:cloudfront::123456789012:distribution/E2EXAMPLE" },
    { cloudfront: ID, to: "file://store" },
  ])("is refused as %j", (flags) => {
    expect(() => distributionOf(flags)).toThrow(/--cloudfront/);
  });
});

function distributionOf(flags: Flags, environment: Readonly<Record<string, string>> = {}): unknown {
  return resolveOptions("public", { to: "s3://shop/pre", release: "v1", ...flags }, environment, "/app").cloudfront;
}
