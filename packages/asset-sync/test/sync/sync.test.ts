import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";

import { tempTree } from "@slipway/testkit";
import { describe, expect, it } from "vitest";

import { resolveOptions } from "../../src/config/options.ts";
import { encodeLedger } from "../../src/ledger/format.ts";
import { EMPTY_LEDGER, LEDGER_KEY } from "../../src/ledger/ledger.ts";
import { sha256 } from "../../src/scan/digest.ts";
import { readReceipt } from "../../src/sync/receipt.ts";
import { plan, sync } from "../../src/sync/sync.ts";
import { BUCKET, BUILD, manyFiles, syncFixture, syncWithEvents } from "./fixture.ts";

const N = Object.keys(BUILD).length;

describe("requests, counted by the server", () => {
  it("first sync N+2, same release again 1, new release 2, k changed files k+2, with 20,000 foreign objects there", async () => {
    await using world = await syncFixture();
    const foreign = { body: Buffer.from("x"), etag: "e", headers: {} };
    for (let n = 0; n < 20_000; n += 1) world.double.objects(BUCKET).set(`pre/assets/foreign-${n}.js`, foreign);
    const summary = await sync(world.options());
    expect(summary.requests).toMatchObject({ total: N + 2, get: 1, put: N + 1, head: 0, list: 0 });
    expect(world.requests().length).toBe(N + 2);
    expect((await sync(world.options())).requests.total).toBe(1);
    expect(world.requests()).toEqual([`GET ${LEDGER_KEY}`]);
    await sync(world.options({ release: "v2" }));
    expect(world.requests()).toEqual([`GET ${LEDGER_KEY}`, `PUT ${LEDGER_KEY}`]);
    await world.tree.write({
      "assets/robots.txt": "new",
      "assets/more-12ab34cd.js": "m",
      "assets/.manifest.json": "{}",
    });
    await sync(world.options({ release: "v3" }));
    expect(world.requests().toSorted()).toEqual(
      [
        `GET ${LEDGER_KEY}`,
        "PUT assets/more-12ab34cd.js",
        "PUT assets/robots.txt",
        "PUT assets/.manifest.json",
        `PUT ${LEDGER_KEY}`,
      ].toSorted(),
    );
  });

  it("plans and tries dry with one request and writes nothing", async () => {
    await using world = await syncFixture();
    const made = await plan(world.options());
    expect(made.puts.map(({ key, reason }) => [key, reason])).toEqual(
      Object.keys(BUILD)
        .toSorted()
        .map((key) => [key, "new"]),
    );
    expect(JSON.parse(JSON.stringify(made))).toEqual(made);
    const summary = await sync(world.options({ dryRun: true }));
    expect(summary).toMatchObject({ dryRun: true, uploaded: N, unchanged: 0 });
    expect(world.requests()).toEqual([`GET ${LEDGER_KEY}`, `GET ${LEDGER_KEY}`]);
    await expect(readFile(world.options().receipt)).rejects.toThrow(/ENOENT/);
  });
});

describe("the target after a sync", () => {
  it("holds every file with its bytes and headers, below the prefix", async () => {
    await using world = await syncFixture();
    await sync(world.options());
    expect(world.keys().toSorted()).toEqual(Object.keys(BUILD).toSorted());
    const script = world.double.objects(BUCKET).get("pre/assets/application-1f3c9a2b.js");
    expect(script?.body.toString()).toBe("console.log(1)");
    expect(script?.headers).toEqual({
      "content-type": "text/javascript; charset=utf-8",
      "cache-control": "public, max-age=31536000, immutable",
      "x-amz-meta-sha256": sha256(Buffer.from("console.log(1)")),
    });
    expect(world.double.objects(BUCKET).get("pre/assets/robots.txt")?.headers["cache-control"]).toBe(
      "public, max-age=0, must-revalidate",
    );
  });

  it("has each release's exact keys in the ledger, and keeps what only old releases need", async () => {
    await using world = await syncFixture();
    await sync(world.options());
    await rm(join(world.tree.path, "assets/logo-00ff00ff.svg"));
    await sync(world.options({ release: "v2" }));
    const { files, releases } = world.ledger();
    expect(releases.get("v1")?.keys).toEqual(Object.keys(BUILD).toSorted());
    expect(releases.get("v2")?.keys).not.toContain("assets/logo-00ff00ff.svg");
    expect(files.has("assets/logo-00ff00ff.svg")).toBe(true);
    expect(world.keys()).toContain("assets/logo-00ff00ff.svg");
  });

  it("goes up in order: fingerprinted, plain, manifests, ledger, receipt", async () => {
    await using world = await syncFixture();
    const events = await syncWithEvents(world.options());
    expect(world.requests().slice(4)).toEqual([
      "PUT assets/robots.txt",
      "PUT assets/.manifest.json",
      `PUT ${LEDGER_KEY}`,
    ]);
    expect(events.map((event) => event.type)).toEqual([
      "scanned",
      "ledger-read",
      "planned",
      "phase",
      "uploaded",
      "uploaded",
      "uploaded",
      "phase",
      "uploaded",
      "phase",
      "uploaded",
      "ledger-written",
      "receipt-written",
      "summary",
    ]);
  });

  it("gets changed headers although the bytes are the same", async () => {
    await using world = await syncFixture();
    await sync(world.options());
    const before = world.ledger();
    const key = "assets/application-0a1b2c3d.css";
    const known = before.files.get(key);
    if (known === undefined) throw new Error("not in the ledger");
    const files = new Map(before.files).set(key, {
      ...known,
      sha256: known.sha256,
      headers: { ...known.headers, "cache-control": "no-store" },
    });
    const stale = await encodeLedger({ ...before, files });
    world.double.objects(BUCKET).set(`pre/${LEDGER_KEY}`, { body: stale, etag: "stale", headers: {} });
    const made = await plan(world.options());
    expect(made.puts).toEqual([]);
    expect(made.copies.map(({ key: name, reason }) => [name, reason])).toEqual([[key, "changed headers"]]);
    await sync(world.options());
    expect(world.ledger().files.get(key)?.headers["cache-control"]).toBe("public, max-age=31536000, immutable");
  });
});

describe("the receipt", () => {
  it("names release, target, ledger and digests, no credential and no time: the same again for the same assets", async () => {
    await using world = await syncFixture();
    const options = world.options();
    await sync(options);
    const text = await readFile(options.receipt, "utf8");
    const receipt = await readReceipt(options.receipt);
    expect(receipt).toMatchObject({
      format: "slipway-receipt/1",
      release: "v1",
      target: `s3://${BUCKET}/pre`,
      endpoint: world.double.endpoint,
      region: "us-east-1",
      pathStyle: true,
      ledger: { key: LEDGER_KEY, version: world.double.objects(BUCKET).get(`pre/${LEDGER_KEY}`)?.etag },
    });
    expect(Object.keys(receipt.files)).toEqual(Object.keys(BUILD).toSorted());
    for (const secret of Object.values(world.double.credentials)) expect(text).not.toContain(secret);
    await sync(options);
    expect(await readFile(options.receipt, "utf8")).toBe(text);
  });

  it("is not written when the ledger could not be", async () => {
    await using world = await syncFixture();
    world.double.fail({ fault: { kind: "answer", status: 403, code: "AccessDenied" }, matches: put(LEDGER_KEY) });
    await expect(sync(world.options())).rejects.toMatchObject({ code: "ASSET_SYNC_ACCESS_DENIED", exitCode: 1 });
    await expect(readFile(world.options().receipt)).rejects.toThrow(/ENOENT/);
  });
});

describe("a failure", () => {
  it("stops later phases, writes no ledger, names the key, and running again makes it right", async () => {
    await using world = await syncFixture();
    const broken = "assets/application-0a1b2c3d.css";
    world.double.fail({
      fault: { kind: "answer", status: 400, code: "InvalidRequest" },
      matches: put(broken),
      times: 1,
    });
    await expect(sync(world.options())).rejects.toMatchObject({
      exitCode: 1,
      message: expect.stringContaining(broken),
    });
    const sent = world.requests();
    expect(sent.filter((line) => /robots|manifest|ledger/.test(line))).toEqual([`GET ${LEDGER_KEY}`]);
    await sync(world.options());
    expect(world.keys().toSorted()).toEqual(Object.keys(BUILD).toSorted());
    expect(world.ledger().releases.get("v1")?.keys.length).toBe(N);
  });

  it.each(["before", "after"] as const)("survives one reset %s each request of a run", async (when) => {
    for (let index = 0; index < N + 2; index += 1) {
      await using world = await syncFixture();
      world.double.fail({ fault: { kind: "cut", when }, matches: (_, n) => n === index, times: 1 });
      await sync(world.options());
      expect(world.keys().toSorted()).toEqual(Object.keys(BUILD).toSorted());
      expect(world.ledger().releases.get("v1")?.keys).toEqual(Object.keys(BUILD).toSorted());
    }
  });

  it("interrupted, leaves a target that the next run completes", async () => {
    await using world = await syncFixture(manyFiles(60));
    const stop = new AbortController();
    const interrupted = sync(world.options(), {
      signal: stop.signal,
      onEvent: (event) => event.type === "uploaded" && stop.abort(),
    });
    await expect(interrupted).rejects.toMatchObject({ code: "ASSET_SYNC_INTERRUPTED", exitCode: 130 });
    expect(world.requests()).not.toContain(`PUT ${LEDGER_KEY}`);
    await sync(world.options());
    expect(world.keys().length).toBe(60);
    expect(world.ledger().files.size).toBe(60);
  });
});

describe("an interrupt of a sync to a folder", () => {
  it("begins no more files, and the next run completes the folder", async () => {
    await using tree = await tempTree(manyFiles(300));
    await using store = await tempTree();
    const to = `file://${join(store.path, "store")}`;
    const options = resolveOptions(tree.path, { to, release: "v1" }, {}, tree.path);
    const stop = new AbortController();
    const onEvent = ({ type }: { readonly type: string }): void => {
      if (type === "uploaded") stop.abort();
    };
    await expect(sync(options, { signal: stop.signal, onEvent })).rejects.toMatchObject({
      code: "ASSET_SYNC_INTERRUPTED",
    });
    expect((await readdir(join(store.path, "store/assets"))).length).toBeLessThan(100);
    await sync(options);
    expect((await readdir(join(store.path, "store/assets"))).length).toBe(300);
  });
});

describe("an empty build", () => {
  it("is refused when the target holds releases, and nothing is touched", async () => {
    await using world = await syncFixture();
    await sync(world.options());
    for (const key of Object.keys(BUILD)) await rm(join(world.tree.path, key));
    world.requests();
    await expect(sync(world.options({ release: "v2" }))).rejects.toMatchObject({
      code: "ASSET_SYNC_ASSETS_EMPTY",
      exitCode: 2,
    });
    expect(world.requests()).toEqual([`GET ${LEDGER_KEY}`]);
  });

  it("is refused after an empty first release too", async () => {
    await using world = await syncFixture({ "assets/.keep": "" });
    await sync(world.options());
    await expect(sync(world.options({ release: "v2" }))).rejects.toMatchObject({ code: "ASSET_SYNC_ASSETS_EMPTY" });
  });

  it("is fine where nothing was ever synced", async () => {
    await using world = await syncFixture({ "assets/.keep": "" });
    expect(await sync(world.options())).toMatchObject({ uploaded: 0, unchanged: 0 });
  });
});

describe("a ledger that cannot be used", () => {
  it("counts as absent where S3 hides missing keys from a role that may not list", async () => {
    await using world = await syncFixture(BUILD, { hidesMissingKeys: true });
    await sync(world.options());
    expect(world.requests().slice(0, 2)).toEqual([`GET ${LEDGER_KEY}`, `PUT ${LEDGER_KEY}`]);
    expect(world.ledger().releases.get("v1")?.keys.length).toBe(N);
  });

  it("stops the run untouched when it is there but may not be read", async () => {
    await using world = await syncFixture();
    const present = { body: await encodeLedger(EMPTY_LEDGER), etag: "e", headers: {} };
    world.double.objects(BUCKET).set(`pre/${LEDGER_KEY}`, present);
    world.double.fail({
      fault: { kind: "answer", status: 403, code: "AccessDenied" },
      matches: ({ method }) => method === "GET",
    });
    await expect(sync(world.options())).rejects.toMatchObject({ code: "ASSET_SYNC_ACCESS_DENIED" });
    expect([...world.double.objects(BUCKET)]).toEqual([[`pre/${LEDGER_KEY}`, present]]);
  });

  it("stops soon when the endpoint refuses conditional writes for no reason", async () => {
    await using world = await syncFixture();
    const fault = { kind: "answer", status: 412, code: "PreconditionFailed" } as const;
    world.double.fail({ fault, matches: put(LEDGER_KEY) });
    await expect(sync(world.options())).rejects.toMatchObject({ hint: expect.stringContaining("conditional writes") });
  });
});

function put(key: string): (request: { readonly method: string; readonly key: string }) => boolean {
  return (request) => request.method === "PUT" && request.key === `pre/${key}`;
}
