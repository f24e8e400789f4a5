import { createHash } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import { tempTree, type TempTree } from "@slipway/testkit";
import { describe, expect, it } from "vitest";

import { resolveOptions, type SyncOptions } from "../../src/config/options.ts";
import { LEDGER_KEY, UNKNOWN_DIGEST } from "../../src/ledger/ledger.ts";
import { plan, sync } from "../../src/sync/sync.ts";
import { verify } from "../../src/verify/verify.ts";
import { BUCKET, BUILD, manyFiles, syncFixture, type SyncFixture } from "./fixture.ts";

const NEXT = { ...BUILD, "assets/robots.txt": "second", "assets/.manifest.json": '{"second":1}' };
const DENIED = { kind: "answer", status: 403, code: "AccessDenied" } as const;

describe("a sync that fails after it has replaced plain files", () => {
  it("corrects the ledger when only its own write was refused, so that the old release repairs", async () => {
    await using world = await syncFixture();
    await using next = await tempTree(NEXT);
    await sync(world.options());
    world.double.fail({ fault: DENIED, matches: puts(LEDGER_KEY), times: 1 });
    const failure = await sync(second(world, next)).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: "ASSET_SYNC_ACCESS_DENIED", exitCode: 1 });
    expect((failure as Error).message).not.toContain("robots.txt");
    expectLedgerIsTrue(world);
    expect([...world.ledger().releases.keys()]).toEqual(["v1"]);
    await expectRepaired(world);
  });

  it("corrects the ledger when it is interrupted in the middle of the plain files", async () => {
    await using world = await syncFixture();
    const plain = Object.fromEntries(Array.from({ length: 90 }, (_, n) => [`assets/page-${n}.txt`, `second ${n}`]));
    await using next = await tempTree({ ...BUILD, ...plain, "assets/robots.txt": "second" });
    for (const key of Object.keys(plain)) await world.tree.write({ [key]: "first" });
    await sync(world.options());
    const stop = new AbortController();
    const interrupted = sync(second(world, next), {
      signal: stop.signal,
      onEvent: (event) => event.type === "uploaded" && event.phase === "plain" && stop.abort(),
    });
    await expect(interrupted).rejects.toMatchObject({
      code: "ASSET_SYNC_INTERRUPTED",
      exitCode: 130,
      message: expect.stringMatching(/interrupted after \d+ of 91 files; \d+ to go, the first of them assets\/page-/),
    });
    expectLedgerIsTrue(world);
    expect([...world.ledger().files.values()].some(({ sha256 }) => sha256 === UNKNOWN_DIGEST)).toBe(true);
    await sync(world.options());
    for (const key of Object.keys(plain)) expect(bytes(world, key)).toBe("first");
    expectLedgerIsTrue(world);
  });

  it("records the fingerprinted files that arrived, so that their bodies are not sent again", async () => {
    await using world = await syncFixture();
    await using next = await tempTree({ ...NEXT, ...manyFiles(3) });
    await sync(world.options());
    world.double.fail({ fault: DENIED, matches: puts("assets/.manifest.json"), times: 1 });
    await expect(sync(second(world, next))).rejects.toMatchObject({ code: "ASSET_SYNC_ACCESS_DENIED" });
    expectLedgerIsTrue(world);
    world.requests();
    await sync(second(world, next));
    expect(world.requests()).toEqual([`GET ${LEDGER_KEY}`, "PUT assets/.manifest.json", `PUT ${LEDGER_KEY}`]);
  });

  it("does not touch the ledger when nothing was replaced", async () => {
    await using world = await syncFixture();
    await using next = await tempTree({ ...NEXT, ...manyFiles(3) });
    await sync(world.options());
    world.double.fail({ fault: DENIED, matches: puts("assets/robots.txt") });
    world.requests();
    await expect(sync(second(world, next))).rejects.toMatchObject({ code: "ASSET_SYNC_ACCESS_DENIED" });
    expect(world.requests().filter((line) => line.endsWith(LEDGER_KEY))).toEqual([`GET ${LEDGER_KEY}`]);
  });

  it("names the keys in doubt when the ledger cannot be corrected, and --refresh repairs them", async () => {
    await using world = await syncFixture();
    await using next = await tempTree(NEXT);
    await sync(world.options());
    world.double.fail({ fault: DENIED, matches: puts(LEDGER_KEY) });
    const failure = await sync(second(world, next)).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: "ASSET_SYNC_ACCESS_DENIED",
      message: expect.stringMatching(/assets\/\.manifest\.json\n.*assets\/robots\.txt/),
      hint: expect.stringContaining("--refresh"),
    });
    world.double.clearFaults();
    await sync(world.options());
    expect(bytes(world, "assets/robots.txt")).toBe("second");
    const made = await plan(world.options({ refresh: true }));
    expect(new Set(made.puts.map(({ reason }) => reason))).toEqual(new Set(["refresh"]));
    await sync(world.options({ refresh: true }));
    await expectRepaired(world);
  });

  it("leaves the ledger alone when only the receipt cannot be written", async () => {
    await using world = await syncFixture();
    await using next = await tempTree(NEXT);
    await sync(world.options());
    world.requests();
    await using elsewhere = await tempTree({ "no-folder": "" });
    const receipt = join(elsewhere.path, "no-folder/receipt.json");
    await expect(sync({ ...second(world, next), receipt })).rejects.toMatchObject({
      code: "ASSET_SYNC_RECEIPT_UNWRITABLE",
      message: expect.not.stringContaining("refresh"),
    });
    expect(world.requests().filter((line) => line.endsWith(LEDGER_KEY)).length).toBe(2);
    expectLedgerIsTrue(world);
  });
});

describe("credentials that expire in the middle of a run", () => {
  it("end it with exit code 1, because objects were stored", async () => {
    await using world = await syncFixture(manyFiles(80));
    const expired = { kind: "answer", status: 400, code: "ExpiredToken" } as const;
    let sent = 0;
    world.double.fail({ fault: expired, matches: ({ method }) => method === "PUT" && (sent += 1) > 50 });
    await expect(sync(world.options())).rejects.toMatchObject({ code: "ASSET_SYNC_CREDENTIALS_REFUSED", exitCode: 1 });
    expect(world.keys().length).toBe(50);
  });

  it("end it with exit code 2 when the first write is already refused", async () => {
    await using world = await syncFixture();
    const expired = { kind: "answer", status: 400, code: "ExpiredToken" } as const;
    world.double.fail({ fault: expired, matches: ({ method }) => method === "PUT" });
    await expect(sync(world.options())).rejects.toMatchObject({ code: "ASSET_SYNC_CREDENTIALS_REFUSED", exitCode: 2 });
    expect(world.keys()).toEqual([]);
  });
});

describe("an object deleted behind the ledger's back", () => {
  it.each(["gone", "of other bytes", "of other headers"])(
    "%s is not noticed, and put right by --refresh",
    async (how) => {
      await using world = await syncFixture();
      const key = "assets/application-1f3c9a2b.js";
      await sync(world.options());
      const objects = world.double.objects(BUCKET);
      const stored = objects.get(`pre/${key}`) ?? { body: Buffer.alloc(0), etag: "", headers: {} };
      objects.delete(`pre/${key}`);
      const other = how === "of other bytes" ? { ...stored, body: Buffer.from("console.log(2)"), headers: {} } : stored;
      const changed = { ...other, headers: { "content-type": "text/plain" }, etag: md5(other.body) };
      if (how !== "gone") objects.set(`pre/${key}`, changed);
      expect(await verify({ receipt: world.options().receipt })).toMatchObject({ holds: true });
      world.requests();
      const counted = how === "of other headers" ? { uploaded: 2, copied: 1 } : { uploaded: 3, copied: 0 };
      expect(await sync(world.options({ refresh: true }))).toMatchObject({ ...counted, unchanged: 2 });
      expect(bytes(world, key)).toBe(BUILD[key]);
      expect(objects.get(`pre/${key}`)?.headers).toMatchObject({ "content-type": "text/javascript; charset=utf-8" });
      const others = world.requests().filter((request) => /logo|css/.test(request));
      expect(others.map((request) => request.split(" ")[0])).toEqual(["HEAD", "HEAD"]);
      expectLedgerIsTrue(world);
    },
  );
});

describe("places that a sync must not write to", () => {
  it.each([".asset-sync", ".asset-sync/headers", "assets/.asset-sync"])(
    "refuses --dir %s, where a ledger lies, before any request",
    async (dir) => {
      await using world = await syncFixture();
      await mkdir(join(world.tree.path, dir), { recursive: true });
      await world.tree.write({ [`${dir}/ledger.json.zst`]: "not a ledger" });
      await expect(sync(world.options({ dir: [dir] }))).rejects.toMatchObject({
        code: "ASSET_SYNC_OPTION_INVALID",
        exitCode: 2,
      });
      expect(world.requests()).toEqual([]);
    },
  );

  it.each(["assets/store", "assets", "."])("refuses a folder target at PUBLIC_DIR/%s", async (place) => {
    await using tree = await tempTree(BUILD);
    const to = `file://${join(tree.path, place)}`;
    const options = resolveOptions(tree.path, { to, release: "v1" }, {}, tree.path);
    await expect(sync(options)).rejects.toMatchObject({ code: "ASSET_SYNC_TARGET_INVALID", exitCode: 2 });
    await expect(plan(options)).rejects.toMatchObject({ code: "ASSET_SYNC_TARGET_INVALID" });
  });

  it("takes a folder target elsewhere below PUBLIC_DIR", async () => {
    await using tree = await tempTree(BUILD);
    const to = `file://${join(tree.path, "cdn")}`;
    const options = resolveOptions(tree.path, { to, release: "v1" }, {}, tree.path);
    expect((await sync(options)).uploaded).toBe(Object.keys(BUILD).length);
  });
});

/** v2 from its own folder, at the same target. */
function second(world: SyncFixture, tree: TempTree): SyncOptions {
  return { ...world.options({ release: "v2" }), publicDir: tree.path, receipt: join(tree.path, "receipt.json") };
}

function puts(key: string): (request: { readonly method: string; readonly key: string }) => boolean {
  return (request) => request.method === "PUT" && request.key === `pre/${key}`;
}

function bytes(world: SyncFixture, key: string): string | undefined {
  return world.double.objects(BUCKET).get(`pre/${key}`)?.body.toString();
}

/** Every row stands for the stored bytes, or says that they are not known. */
function expectLedgerIsTrue(world: SyncFixture): void {
  const stored = (key: string): string =>
    createHash("sha256")
      .update(bytes(world, key) ?? "nothing")
      .digest("hex");
  const rows = [...world.ledger().files].filter(([, { sha256 }]) => sha256 !== UNKNOWN_DIGEST);
  expect(rows.filter(([key, { sha256 }]) => sha256 !== stored(key)).map(([key]) => key)).toEqual([]);
}

async function expectRepaired(world: SyncFixture): Promise<void> {
  await sync(world.options());
  for (const [key, body] of Object.entries(BUILD)) expect(bytes(world, key)).toBe(body);
  expectLedgerIsTrue(world);
  const told = await verify({ receipt: world.options().receipt });
  expect(told).toMatchObject({ holds: true, superseded: [] });
}

function md5(body: Buffer): string {
  return createHash("md5").update(body).digest("hex");
}
