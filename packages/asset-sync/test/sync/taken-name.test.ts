import { createHash } from "node:crypto";

import { describe, expect, it } from "vitest";

import { LEDGER_KEY } from "../../src/ledger/ledger.ts";
import { sync } from "../../src/sync/sync.ts";
import { BUCKET, BUILD, syncFixture, syncWithEvents, type SyncFixture } from "./fixture.ts";

const KEY = "assets/application-1f3c9a2b.js";
const HEADERS = {
  "content-type": "text/javascript; charset=utf-8",
  "cache-control": "public, max-age=31536000, immutable",
};

describe("a fingerprinted name that the ledger knows with other bytes", () => {
  it("is an error that shows both digests, and nothing is touched", async () => {
    await using world = await syncFixture();
    await sync(world.options());
    await world.tree.write({ [KEY]: "console.log(2)", "assets/robots.txt": "changed too" });
    world.requests();
    const failure = await sync(world.options({ release: "v2" })).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: "ASSET_SYNC_BYTES_DIFFER", exitCode: 3 });
    const { message } = failure as Error;
    for (const text of [KEY, digest("console.log(1)"), digest("console.log(2)")]) expect(message).toContain(text);
    expect(world.requests()).toEqual([`GET ${LEDGER_KEY}`]);
  });

  it("is replaced with --allow-changed", async () => {
    await using world = await syncFixture();
    await sync(world.options());
    await world.tree.write({ [KEY]: "console.log(2)" });
    await sync(world.options({ release: "v2", allowChanged: true }));
    expect(bytesAt(world)).toBe("console.log(2)");
    expect(world.ledger().files.get(KEY)?.sha256).toBe(digest("console.log(2)"));
  });
});

describe("a fingerprinted name that is taken although the ledger does not know it", () => {
  it("counts as sent when bytes and headers are the same: one HEAD, no second body", async () => {
    await using world = await syncFixture();
    place(world, BUILD[KEY] ?? "", HEADERS);
    const events = await syncWithEvents(world.options());
    expect(world.requests().filter((line) => line.endsWith(KEY))).toEqual([`PUT ${KEY}`, `HEAD ${KEY}`]);
    expect(events).toContainEqual(expect.objectContaining({ type: "present", key: KEY }));
    expect(world.ledger().files.has(KEY)).toBe(true);
  });

  it("is an error with both digests when the bytes are others, and they stay", async () => {
    await using world = await syncFixture();
    place(world, "somebody else's", HEADERS);
    const failure = await sync(world.options()).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: "ASSET_SYNC_BYTES_DIFFER" });
    expect((failure as Error).message).toContain(digest("somebody else's"));
    expect((failure as Error).message).toContain(digest(BUILD[KEY] ?? ""));
    expect(bytesAt(world)).toBe("somebody else's");
    expect(world.double.objects(BUCKET).has(`pre/${LEDGER_KEY}`)).toBe(false);
  });

  it("is replaced with --allow-changed", async () => {
    await using world = await syncFixture();
    place(world, "somebody else's", HEADERS);
    await sync(world.options({ allowChanged: true }));
    expect(bytesAt(world)).toBe(BUILD[KEY]);
  });

  it("gets our headers when only they differ, as after another tool's upload", async () => {
    await using world = await syncFixture();
    place(world, BUILD[KEY] ?? "", { "content-type": "text/plain" });
    await sync(world.options());
    expect(world.double.objects(BUCKET).get(`pre/${KEY}`)?.headers).toMatchObject(HEADERS);
  });

  it("is compared by its bytes where the entity tag is no digest of them", async () => {
    await using world = await syncFixture();
    place(world, BUILD[KEY] ?? "", HEADERS, "0123456789abcdef0123456789abcdef");
    await sync(world.options());
    expect(world.requests().filter((line) => line.endsWith(KEY))).toEqual([`PUT ${KEY}`, `HEAD ${KEY}`, `GET ${KEY}`]);
  });
});

function place(world: SyncFixture, text: string, headers: Record<string, string>, etag?: string): void {
  const body = Buffer.from(text);
  const md5 = createHash("md5").update(body).digest("hex");
  world.double.objects(BUCKET).set(`pre/${KEY}`, { body, etag: etag ?? md5, headers });
}

function bytesAt(world: SyncFixture): string | undefined {
  return world.double.objects(BUCKET).get(`pre/${KEY}`)?.body.toString();
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
