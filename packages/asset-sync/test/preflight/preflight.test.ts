import { rm } from "node:fs/promises";
import { join } from "node:path";

import type { S3DoubleOptions } from "@slipway/testkit";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { ObjectOptions } from "../../src/config/object-options.ts";
import type { S3Target } from "../../src/config/target.ts";
import { collect } from "../../src/collect/collect.ts";
import { COLLECT_DEFAULTS } from "../../src/collect/collect-options.ts";
import { preflight } from "../../src/preflight/preflight.ts";
import {
  rolePolicy,
  type Policy,
  type Role,
  type Statement,
  type UsedOptions,
} from "../../src/preflight/role-policy.ts";
import { sync } from "../../src/sync/sync.ts";
import { verify } from "../../src/verify/verify.ts";
import { BUCKET, BUILD, syncFixture, type SyncFixture } from "../sync/fixture.ts";

/** The role that asks at the moment; everything is allowed while there is none. */
interface Enforced {
  policy: Policy | undefined;
}

/** A double that holds whoever asks to a policy. */
function enforcing(enforced: Enforced): S3DoubleOptions {
  return {
    hidesMissingKeys: true,
    allows: (action, key) => {
      const resource = key === "" ? `arn:aws:s3:::${BUCKET}` : `arn:aws:s3:::${BUCKET}/${key}`;
      return (
        enforced.policy === undefined ||
        enforced.policy.Statement.some(
          (statement) => statement.Action.includes(action) && statement.Resource.some((one) => fits(one, resource)),
        )
      );
    },
  };
}

function fits(pattern: string, resource: string): boolean {
  return pattern.endsWith("*") ? resource.startsWith(pattern.slice(0, -1)) : pattern === resource;
}

function targetOf(world: SyncFixture): S3Target {
  const { target } = world.options();
  if (target.kind !== "s3") throw new Error("the fixture is on S3");
  return target;
}

function become(enforced: Enforced, role: Role, world: SyncFixture, objects: ObjectOptions = {}): void {
  enforced.policy = rolePolicy(role, targetOf(world), objects);
}

describe("under exactly the policy that is printed for it", () => {
  it.each<[string, ObjectOptions]>([
    ["plain", {}],
    ["with an ACL and tags", { acl: "public-read", tags: { app: "shop" } }],
  ])("a build syncs, %s: first, changed, and again", async (_, objects) => {
    const enforced: Enforced = { policy: undefined };
    await using world = await syncFixture(BUILD, enforcing(enforced));
    become(enforced, "build", world, objects);
    const options = { ...world.options(), objects };
    await sync(options);
    await world.tree.write({
      "assets/robots.txt": "User-agent: x",
      "assets/big-1a2b3c4d.bin": Buffer.alloc(17 * 2 ** 20),
    });
    await sync({ ...options, release: "v2" });
    expect(await sync({ ...options, release: "v2" })).toMatchObject({ uploaded: 0 });
    expect(world.double.objects(BUCKET).get("pre/assets/robots.txt")?.body.toString()).toBe("User-agent: x");
  });

  it("a container verifies", async () => {
    const enforced: Enforced = { policy: undefined };
    await using world = await syncFixture(BUILD, enforcing(enforced));
    await sync(world.options());
    become(enforced, "verify", world);
    expect(await verify({ receipt: world.options().receipt })).toMatchObject({ holds: true });
    await expect(sync({ ...world.options(), release: "v2" })).rejects.toMatchObject({
      code: "ASSET_SYNC_ACCESS_DENIED",
    });
  });

  it("a collection deletes", async () => {
    const enforced: Enforced = { policy: undefined };
    await using world = await syncFixture(BUILD, enforcing(enforced));
    await sync(world.options());
    await world.tree.write({ "assets/new-1a2b3c4d.js": "new" });
    await rm(join(world.tree.path, "assets/logo-00ff00ff.svg"));
    await sync({ ...world.options(), release: "v2" });
    become(enforced, "collect", world);
    const limits = { keep: 1, minAge: 0, maxDelete: Number(COLLECT_DEFAULTS.maxDelete), runningFrom: [] };
    await collect({ target: targetOf(world), ...limits });
    expect(world.keys()).not.toContain("assets/logo-00ff00ff.svg");
    expect(world.keys()).toContain("assets/new-1a2b3c4d.js");
  });

  it("a build can neither list nor delete", async () => {
    await using world = await syncFixture();
    const actions = rolePolicy("build", targetOf(world), {}).Statement.flatMap(({ Action }) => Action);
    expect(actions.filter((action) => /List|Delete/.test(action))).toEqual([]);
  });

  it("a build may invalidate one distribution where the option is on, and no other role may", async () => {
    await using world = await syncFixture();
    const { target, cloudfront } = world.options({ cloudfront: "E2EXAMPLE" });
    if (target.kind !== "s3" || cloudfront === undefined) throw new Error("the fixture is on S3");
    const invalidating = (role: Role, used: UsedOptions): readonly Statement[] =>
      rolePolicy(role, target, used).Statement.filter(({ Action }) => Action.includes("cloudfront:CreateInvalidation"));
    expect(invalidating("build", { cloudfront })).toMatchObject([
      { Resource: ["arn:aws:cloudfront::*:distribution/E2EXAMPLE"] },
    ]);
    for (const role of ["verify", "collect"] as const) expect(invalidating(role, { cloudfront })).toEqual([]);
    expect(invalidating("build", {})).toEqual([]);
  });
});

describe("a preflight", () => {
  // No time passes but what is told.
  beforeEach(() => void vi.useFakeTimers({ toFake: ["performance"] }));
  afterEach(() => void vi.useRealTimers());

  it("says of each thing that it looked at how it stands", async () => {
    await using world = await syncFixture();
    const lines = await preflight(targetOf(world), {});
    expect(lines.map(({ name, state }) => `${name} ${state}`)).toEqual([
      "identity ok",
      "address ok",
      "read ok",
      "clock ok",
      "latency ok",
      "write ok",
      "checksums ok",
      "ACLs ok",
      "encryption ok",
      "CORS warning",
    ]);
    expect(lines.every(({ state, remedy }) => (state === "ok") === (remedy === undefined))).toBe(true);
    expect(world.keys()).toEqual([".asset-sync/conditions"]);
  });

  it.each([
    [200, "ok"],
    [201, "warning"],
  ])("calls answers after %d ms %s", async (milliseconds, state) => {
    await using world = await syncFixture();
    world.double.fail({
      fault: { kind: "delay", milliseconds: 0 },
      matches: () => {
        vi.advanceTimersByTime(milliseconds);
        return false;
      },
    });
    expect(await preflight(targetOf(world), {})).toContainEqual(expect.objectContaining({ name: "latency", state }));
  });

  it.each<[string, S3DoubleOptions, string, string]>([
    ["a clock that is off", { clockAhead: 120_000 }, "clock", "warning"],
    ["conditions that are ignored", { conditions: "ignored" }, "write", "warning"],
    ["a ledger that is not there, to a role that may not list", { hidesMissingKeys: true }, "read", "warning"],
    ["a role that may not write", { allows: (action) => action !== "s3:PutObject" }, "write", "failure"],
    ["a bucket that is not there", { buckets: [] }, "read", "failure"],
  ])("tells of %s", async (_, options, name, state) => {
    await using world = await syncFixture(BUILD, options);
    const lines = await preflight(targetOf(world), {});
    const line = lines.find((one) => one.name === name);
    expect(line?.state).toBe(state);
    expect(line?.remedy).toMatch(/\.$/);
    expect(state === "failure" ? lines.at(-1)?.name : "CORS").toBe(state === "failure" ? name : lines.at(-1)?.name);
  });
});
