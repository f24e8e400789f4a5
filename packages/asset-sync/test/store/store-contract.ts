import { createHash } from "node:crypto";

import { describe, expect, it } from "vitest";

import type {
  KeyRange,
  LargePutRequest,
  ListedObject,
  PutCondition,
  PutRequest,
  Store,
} from "../../src/store/store.ts";

/** A store that is empty when it is opened; `reopen` is another client of the same place. */
export interface OpenedStore extends AsyncDisposable {
  readonly store: Store;
  reopen(): Store;
}

const HEADERS = { "content-type": "text/css; charset=utf-8", "cache-control": "no-cache" };

export function putRequest(key: string, text: string, condition?: PutCondition): PutRequest {
  const body = Buffer.from(text);
  return { key, body, sha256: sha256(body), headers: HEADERS, ...(condition === undefined ? {} : { condition }) };
}

/** The same for bytes that are read piece by piece. */
export function largeRequest(key: string, bytes: Buffer, condition?: PutCondition): LargePutRequest {
  const read = async (into: Buffer, at: number): Promise<number> => bytes.copy(into, 0, at, at + into.length);
  const words = { key, sha256: sha256(bytes), headers: HEADERS, size: bytes.length, read };
  return { ...words, ...(condition === undefined ? {} : { condition }) };
}

function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
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

    it("keeps names apart that differ in how a letter is composed", async () => {
      await using opened = await open();
      const [composed, decomposed] = ["assets/\u00fc.css", "assets/u\u0308.css"];
      await opened.store.put(putRequest(composed, "composed"));
      expect(await opened.store.head(decomposed)).toBeUndefined();
      await opened.store.put(putRequest(decomposed, "decomposed"));
      expect((await opened.store.get(composed))?.body.toString()).toBe("composed");
      expect((await opened.store.get(decomposed))?.body.toString()).toBe("decomposed");
    });

    it("refuses a name that is too long with a code, and goes on", async () => {
      await using opened = await open();
      await expect(opened.store.put(putRequest(`a/${"n".repeat(1100)}`, "x"))).rejects.toMatchObject({
        code: "ASSET_SYNC_STORE_FAILED",
      });
      expect((await opened.store.put(putRequest("a/n", "x"))).outcome).toBe("stored");
    });

    it.each(["", "/a", "a/", "a//b", "a/../b", "../a", "a/./b", "."])(
      "takes %j for no key, whatever is asked",
      async (key) => {
        await using opened = await open();
        const { store } = opened;
        const request = putRequest(key, "x");
        const asked: (() => Promise<unknown>)[] = [
          () => store.get(key),
          () => store.head(key),
          () => store.digest(key),
          () => store.put(request),
          () => store.putLarge(largeRequest(key, Buffer.from("x"))),
          () => store.copy({ key, sha256: request.sha256, headers: {}, condition: { kind: "version", version: "1" } }),
          () => store.delete([key]),
        ];
        for (const ask of asked) await expect(Promise.resolve().then(ask)).rejects.toThrow("is no key");
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

    it("deletes the objects that are named and no others, those that are not there as well", async () => {
      await using opened = await open();
      const { store } = opened;
      const gone = ["assets/a b+c%&ü<'\">.css", "assets/deep/c.css", "assets/\u0001.css"];
      const left = ["assets/deep/d.css", "assets-old/a.css", "assets/deep-c.css"];
      for (const key of [...gone, ...left]) await store.put(putRequest(key, key));
      expect(await store.delete([...gone, "assets/none.css", "assets/deep"])).toEqual([]);
      for (const key of gone) expect([key, await store.head(key)]).toEqual([key, undefined]);
      for (const key of left) expect((await store.get(key))?.body.toString()).toBe(key);
      expect((await store.put(putRequest(gone[0] ?? "", "again", { kind: "absent" }))).outcome).toBe("stored");
    });

    it("begins no delete after the time that is given", async () => {
      await using opened = await open();
      const { store } = opened;
      await store.put(putRequest("k", "1"));
      await expect(store.delete(["k"], undefined, store.now() - 1)).rejects.toMatchObject({ name: "AbortError" });
      expect(await store.head("k")).toBeDefined();
      expect(await store.delete(["k"], undefined, store.now() + 60)).toEqual([]);
      expect(await store.head("k")).toBeUndefined();
    });

    it("deletes a thousand objects in one request", async () => {
      await using opened = await open();
      const { store } = opened;
      const keys = Array.from({ length: 1000 }, (_, n) => `assets/${n}.js`);
      for (let at = 0; at < keys.length; at += 50) {
        await Promise.all(keys.slice(at, at + 50).map((key) => store.put(putRequest(key, "x"))));
      }
      expect(await store.delete(keys)).toEqual([]);
      for await (const page of store.list({ prefix: "assets/" })) expect(page).toEqual([]);
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

    it("gives an object new headers, and a copy of its digest, where only they differ", async () => {
      await using opened = await open();
      const { store } = opened;
      const request = putRequest("assets/ü +%.css", "body{}");
      const stored = await store.put({ ...request, headers: { ...HEADERS, "content-language": "de" } });
      const headers = { "content-type": "text/plain", "cache-control": "no-store" };
      const version = store.versionOf(request.body);
      expect(stored).toEqual({ outcome: "stored", version });
      const copy = { key: request.key, sha256: request.sha256, headers };
      const result = await store.copy({ ...copy, condition: { kind: "version", version } });
      expect(result).toEqual({ outcome: "stored", version });
      expect(await store.head(request.key)).toMatchObject({ headers, sha256: request.sha256, size: 6 });
      expect((await store.head(request.key))?.headers).toEqual(headers);
      expect((await store.get(request.key))?.body.toString()).toBe("body{}");
    });

    it("leaves headers alone where other bytes are, or none", async () => {
      await using opened = await open();
      const { store } = opened;
      const request = putRequest("k", "1");
      const condition = { kind: "version", version: store.versionOf(request.body) } as const;
      const copy = { key: "k", sha256: request.sha256, headers: { "content-type": "text/plain" }, condition };
      expect(await store.copy(copy)).toEqual({ outcome: "refused" });
      await store.put(putRequest("k", "2"));
      expect(await store.copy(copy)).toEqual({ outcome: "refused" });
      expect((await store.head("k"))?.headers).toEqual(HEADERS);
    });

    it("reads through an object for its digest", async () => {
      await using opened = await open();
      await opened.store.put(putRequest("k", "body{}"));
      expect(await opened.store.digest("k")).toBe(createHash("sha256").update("body{}").digest("hex"));
      expect(await opened.store.digest("none")).toBeUndefined();
    });

    it("keeps an object that came in parts, under the same conditions", async () => {
      await using opened = await open();
      const { store } = opened;
      const bytes = Buffer.alloc(17 * 2 ** 20 + 5, "0123456789abcdefg");
      const absent = { kind: "absent" } as const;
      expect((await store.putLarge(largeRequest("large", bytes, absent))).outcome).toBe("stored");
      expect(await store.putLarge(largeRequest("large", Buffer.from("other"), absent))).toEqual({ outcome: "refused" });
      const object = await store.get("large");
      expect(object?.body.equals(bytes)).toBe(true);
      expect(object?.headers).toEqual(HEADERS);
      const head = await store.head("large");
      expect(head).toMatchObject({ size: bytes.length, sha256: sha256(bytes), version: object?.version });
      const version = { kind: "version", version: object?.version ?? "" } as const;
      expect((await store.putLarge(largeRequest("large", Buffer.from("second"), version))).outcome).toBe("stored");
      expect((await store.get("large"))?.body.toString()).toBe("second");
    });

    it("refuses bytes in parts that are not those of the digest, and leaves what was there", async () => {
      await using opened = await open();
      const { store } = opened;
      await store.put(putRequest("large", "before"));
      const other = { ...largeRequest("large", Buffer.alloc(9 * 2 ** 20)), sha256: sha256(Buffer.from("scanned")) };
      await expect(store.putLarge(other)).rejects.toMatchObject({ code: "ASSET_SYNC_FILE_CHANGED" });
      expect((await store.get("large"))?.body.toString()).toBe("before");
    });

    it("refuses bytes that are not those of the digest", async () => {
      await using opened = await open();
      const request = { ...putRequest("k", "scanned"), body: Buffer.from("changed") };
      await expect(opened.store.put(request)).rejects.toMatchObject({ code: "ASSET_SYNC_FILE_CHANGED" });
      expect(await opened.store.get("k")).toBeUndefined();
    });
  });
}
