import { join } from "node:path";

import { describe, expect, it, vi } from "vitest";

import * as library from "../../src/index.ts";
import { BUCKET, BUILD, syncFixture } from "./fixture.ts";

const { plan, resolveOptions, sync, verify } = library;

describe("the library", () => {
  it("runs three syncs at once to different targets, each with its own events and counts, and prints nothing", async () => {
    await using world = await syncFixture();
    const written = [vi.spyOn(process.stdout, "write"), vi.spyOn(process.stderr, "write")];
    const logged = [vi.spyOn(console, "log"), vi.spyOn(console, "error"), vi.spyOn(console, "warn")];
    const place = { endpoint: world.double.endpoint, region: world.double.region, pathStyle: true };
    const targets = [
      { ...place, to: `s3://${BUCKET}/one` },
      { ...place, to: `s3://${BUCKET}/two` },
      { to: `file://${join(world.tree.path, "store")}` },
    ];
    const runs = targets.map(async (target, index) => {
      const receipt = join(world.tree.path, `receipt-${index}.json`);
      const flags = { ...target, receipt, release: `v${index}`, compress: "br" };
      const events: library.SyncEvent[] = [];
      const options = resolveOptions(world.tree.path, flags, {}, world.tree.path);
      const summary = await sync(options, { onEvent: (event) => events.push(event) });
      return { summary, events, verification: await verify({ receipt }) };
    });
    const outcomes = await Promise.all(runs);
    const printed = [...written, ...logged].map((spy) => spy.mock.calls.length);
    vi.restoreAllMocks();
    expect(printed).toEqual([0, 0, 0, 0, 0]);
    for (const [index, { summary, events, verification }] of outcomes.entries()) {
      expect(summary).toMatchObject({ release: `v${index}`, requests: { total: Object.keys(BUILD).length + 2 } });
      expect(events.filter(({ type }) => type === "uploaded").length).toBe(Object.keys(BUILD).length);
      expect(events.at(-1)).toEqual(summary);
      expect(verification.holds).toBe(true);
    }
  });

  it("stops one of several by its own signal, and the others go on", async () => {
    await using world = await syncFixture();
    const stop = new AbortController();
    const control = { signal: stop.signal, onEvent: () => stop.abort() };
    const [stopped, other] = await Promise.allSettled([
      sync(world.options({ to: `s3://${BUCKET}/stopped`, release: "v1" }), control),
      sync(world.options({ to: `s3://${BUCKET}/other`, release: "v1", receipt: join(world.tree.path, "r.json") })),
    ]);
    expect(stopped).toMatchObject({ status: "rejected", reason: { code: "ASSET_SYNC_INTERRUPTED" } });
    expect(other.status).toBe("fulfilled");
    expect(world.double.objects(BUCKET).has("stopped/assets/robots.txt")).toBe(false);
  });

  it("makes plans that serialise and come back the same", async () => {
    await using world = await syncFixture();
    const made = await plan(world.options({ compress: "br,gzip" }));
    expect(JSON.parse(JSON.stringify(made))).toEqual(made);
  });
});
