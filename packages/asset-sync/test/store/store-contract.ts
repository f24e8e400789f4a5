import { createHash } from "node:crypto";

import { describe, expect, it } from "vitest";

import type { KeyRange, ListedObject, PutCondition, PutRequest, Store } from "../../src/store/store.ts";

/** A store that is empty when it is opened; `reopen` is another client of the same place. */
export interface OpenedStore extends AsyncDisposable {
  readonly store: Store;
  reopen(): Store;
}

const HEADERS = { "content-type": "text/css; charset=utf-8", "cache-control": "no-cache" };

export function putRequest(key: string, text: string, condition?: PutCondition): PutRequest {
  const body = Buffer.from(text);
  const sha256 = createHash("sha256").update(body).digest("hex");
  return { key, body, sha256, headers: HEADERS, ...(condition === undefined ? {} : { condition }) };
}

function sizes(keys: readonly string[]): readonly ListedObject[] {
  return keys.map((key) => ({ key, size: Buffer.byteLength(key) }));
}

/** What every store promises, whatever is behind it. */
export function describeStore(name: string, open: () => Promise<OpenedStore>): void {
  describe(`${name} keeps the store's contract`, () => {
    it("has nothing where nothing was put", async () => {
      await using opened = await open();
      expect(await opened.store.get("assets/none.css")).toBeUndefined();
      expect(await opened.store.head("assets/none.css")).toBeUndefined();
    });

    it.each(["assets/plain.css", "assets/with blank+plus%25&ü.css", ".asset-sync/ledger.json.zst", "a'b(c)!*~/x"])(
      "gives back bytes, version and headers of %s",
      async (key) => {
        await using opened = await open();
        const headers = { ...HEADERS, "content-encoding": "gzip" };
        const result = await opened.store.put({ ...putRequest(key, "body{}"), headers });
        const other = opened.reopen();
        const object = await other.get(key);
        expect(object?.body.toString()).toBe("body{}");
        expect(object?.headers).toEqual(headers);
        expect(result).toEqual({ outcome: "stored", version: object?.version });
        const head = await other.head(key);
        expect(head).toMatchObject({ size: 6, version: object?.version, headers });
        const { algorithm = "sha256", hex } = head?.digest ?? {};
        expect(hex).toBe(createHash(algorithm).update("body{}").digest("hex"));
        other.close();
      },
    );

    it("keeps an empty object", async () => {
      await using opened = await open();
      await opened.store.put(putRequest("empty.txt", ""));
      expect((await opened.store.get("empty.txt"))?.body.length).toBe(0);
      expect((await opened.store.head("empty.txt"))?.size).toBe(0);
    });

    it("replaces without a condition and gives a new version", async () => {
      await using opened = await open();
      const first = await opened.store.put(putRequest("k", "1"));
      const second = await opened.store.put(putRequest("k", "2"));
      expect(second.outcome).toBe("stored");
      expect(second).not.toEqual(first);
      expect((await opened.store.get("k"))?.body.toString()).toBe("2");
    });

    it("creates only where nothing is", async () => {
      await using opened = await open();
      expect((await opened.store.put(putRequest("k", "1", { kind: "absent" }))).outcome).toBe("stored");
      expect(await opened.store.put(putRequest("k", "2", { kind: "absent" }))).toEqual({ outcome: "refused" });
      expect((await opened.store.get("k"))?.body.toString()).toBe("1");
    });

    it("replaces only the version that is meant", async () => {
      await using opened = await open();
      const { store } = opened;
      expect(await store.put(putRequest("k", "0", { kind: "version", version: "0".repeat(32) }))).toEqual({
        outcome: "refused",
      });
      await store.put(putRequest("k", "1"));
      const version = (await store.get("k"))?.version ?? "";
      expect((await store.put(putRequest("k", "2", { kind: "version", version }))).outcome).toBe("stored");
      expect(await store.put(putRequest("k", "3", { kind: "version", version }))).toEqual({ outcome: "refused" });
      expect((await store.get("k"))?.body.toString()).toBe("2");
    });

    it("lets exactly one of many creators and one of many replacers through", async () => {
      await using opened = await open();
      const stores = Array.from({ length: 8 }, () => opened.reopen());
      const all = async (condition: PutCondition): Promise<number> => {
        const puts = stores.map((store, index) => store.put(putRequest("k", `${condition.kind}${index}`, condition)));
        return (await Promise.all(puts)).filter(({ outcome }) => outcome === "stored").length;
      };
      expect(await all({ kind: "absent" })).toBe(1);
      const version = (await opened.store.get("k"))?.version ?? "";
      expect(await all({ kind: "version", version })).toBe(1);
      for (const store of stores) store.close();
    });

    it("lists a prefix in the order of keys, its neighbours left out, and any part of it", async () => {
      await using opened = await open();
      const keys = ["assets/a b+c%&ü.css", "assets/b.css", "assets/deep/c.css", "assets-old/d.css", "packs/e.js"];
      for (const key of keys) await opened.store.put(putRequest(key, key));
      const listed = async (range: KeyRange): Promise<readonly ListedObject[]> => {
        const found: ListedObject[] = [];
        for await (const page of opened.store.list(range)) found.push(...page);
        return found;
      };
      expect(await listed({ prefix: "assets/" })).toEqual(sizes(keys.slice(0, 3)));
      expect(await listed({ prefix: "assets/", after: keys[0] ?? "", upTo: "assets/c" })).toEqual(
        sizes(["assets/b.css"]),
      );
      expect(await listed({ prefix: "none/" })).toEqual([]);
    });

    it("says the SHA-256 of an object without reading it", async () => {
      await using opened = await open();
      await opened.store.put(putRequest("k", "body{}"));
      expect((await opened.store.head("k"))?.sha256).toBe(createHash("sha256").update("body{}").digest("hex"));
    });

    it("refuses bytes that are not those of the digest", async () => {
      await using opened = await open();
      const request = { ...putRequest("k", "scanned"), body: Buffer.from("changed") };
      await expect(opened.store.put(request)).rejects.toMatchObject({ code: "ASSET_SYNC_FILE_CHANGED" });
      expect(await opened.store.get("k")).toBeUndefined();
    });
  });
}
