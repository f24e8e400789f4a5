import { createHash } from "node:crypto";
import { readdir, readFile, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { tempTree } from "@slipway/testkit";
import { describe, expect, it } from "vitest";

import { folderFailure } from "../../src/store/folder-failure.ts";
import { folderStore } from "../../src/store/folder-store.ts";
import { requestCounter } from "../../src/store/request-counter.ts";
import { describeStore, putRequest } from "./store-contract.ts";

describeStore("a folder", async () => {
  const tree = await tempTree();
  const reopen = (): ReturnType<typeof folderStore> => folderStore(join(tree.path, "store"), requestCounter());
  return { store: reopen(), reopen, [Symbol.asyncDispose]: () => tree[Symbol.asyncDispose]() };
});

describe("a folder store", () => {
  it("can be served as it lies: objects at their keys, all else below .asset-sync, no drafts left", async () => {
    await using tree = await tempTree();
    const store = folderStore(tree.path, requestCounter());
    await store.put(putRequest("assets/deep/a.css", "body{}", { kind: "absent" }));
    await store.put(putRequest("assets/deep/a.css", "other", { kind: "absent" }));
    expect(await readFile(join(tree.path, "assets/deep/a.css"), "utf8")).toBe("body{}");
    expect((await readdir(tree.path)).toSorted()).toEqual([".asset-sync", "assets"]);
    expect(await readdir(join(tree.path, ".asset-sync/drafts"))).toEqual([]);
  });

  it.skipIf(process.platform !== "linux")("fails where the file system takes no folders", async () => {
    const store = folderStore("/proc/store", requestCounter());
    await expect(store.put(putRequest("assets/a.css", "x"))).rejects.toMatchObject({
      code: "ASSET_SYNC_STORE_FAILED",
      hint: expect.stringContaining("another folder"),
    });
  });

  it.each(["", "null", "[1", '{"headers":7}'])("counts headers that were kept as %j as none", async (text) => {
    await using tree = await tempTree();
    const store = folderStore(tree.path, requestCounter());
    await store.put(putRequest("a.css", "x"));
    const [name = ""] = await readdir(join(tree.path, ".asset-sync/headers"));
    await writeFile(join(tree.path, ".asset-sync/headers", name), text);
    expect((await store.head("a.css"))?.headers).toEqual({});
  });

  it("says which path it could not write", async () => {
    await using tree = await tempTree({ taken: "a file" });
    const store = folderStore(join(tree.path, "taken"), requestCounter());
    await expect(store.put(putRequest("a.css", "x"))).rejects.toMatchObject({
      code: "ASSET_SYNC_STORE_FAILED",
      message: expect.stringContaining(join(tree.path, "taken")),
    });
  });

  it("keeps headers of names as long as a file system takes, and of keys that go on where others end", async () => {
    await using tree = await tempTree();
    const store = folderStore(tree.path, requestCounter());
    for (const key of [`assets/${"n".repeat(255)}`, "assets/data", "assets/data.json/x"]) {
      const headers = { "content-type": `text/${key.length}` };
      await store.put({ ...putRequest(key, "x"), headers });
      expect((await store.head(key))?.headers).toEqual(headers);
    }
    expect((await store.head("assets/data"))?.headers).toEqual({ "content-type": "text/11" });
  });

  it("names the key in the file that holds its headers", async () => {
    await using tree = await tempTree();
    await folderStore(tree.path, requestCounter()).put(putRequest("assets/ü.css", "x"));
    const [name = ""] = await readdir(join(tree.path, ".asset-sync/headers"));
    expect(name).toBe(`${createHash("sha256").update("assets/ü.css").digest("hex")}.json`);
    const { key, headers } = JSON.parse(await readFile(join(tree.path, ".asset-sync/headers", name), "utf8"));
    expect({ key, headers }).toEqual({ key: "assets/ü.css", headers: putRequest("", "").headers });
  });

  it.each([
    ["a folder at its place", "assets/a.css", { "assets/a.css/b": "" }, /A folder is/],
    ["a file in its way", "assets/a.css/b", { "assets/a.css": "" }, /A file is/],
    ["a name that is too long", `assets/${"n".repeat(256)}`, {}, /shorter/],
  ])("refuses %s with a hint that helps", async (_, key, files, hint) => {
    await using tree = await tempTree(files);
    const store = folderStore(tree.path, requestCounter());
    for (const condition of [undefined, { kind: "absent" } as const]) {
      await expect(store.put(putRequest(key, "x", condition))).rejects.toMatchObject({
        code: "ASSET_SYNC_STORE_FAILED",
        hint: expect.stringMatching(hint),
      });
    }
    expect(await readdir(join(tree.path, ".asset-sync/drafts"))).toEqual([]);
  });

  it("asks for room when there is none", async () => {
    const full = await writeFile("/dev/full", "x").catch((error: unknown) => error);
    expect(folderFailure(full, "/store/a.css")).toMatchObject({
      code: "ASSET_SYNC_STORE_FAILED",
      hint: expect.stringContaining("make room"),
    });
  });

  it("removes drafts that a killed process left, and none that may still be written", async () => {
    await using tree = await tempTree({ ".asset-sync/drafts/old": "x", ".asset-sync/drafts/new": "x" });
    const twoDaysAgo = new Date(Date.now() - 2 * 86_400_000);
    await utimes(join(tree.path, ".asset-sync/drafts/old"), twoDaysAgo, twoDaysAgo);
    const stores = Array.from({ length: 4 }, () => folderStore(tree.path, requestCounter()));
    const results = await Promise.all(stores.map((store, n) => store.put(putRequest(`assets/${n}.css`, "x"))));
    expect(results.map(({ outcome }) => outcome)).toEqual(["stored", "stored", "stored", "stored"]);
    expect(await readdir(join(tree.path, ".asset-sync/drafts"))).toEqual(["new"]);
  });

  it("counts what it is asked for", async () => {
    await using tree = await tempTree();
    const counter = requestCounter();
    const store = folderStore(tree.path, counter);
    await store.get("a");
    await store.put(putRequest("a", "1"));
    await store.head("a");
    expect(counter.counts()).toEqual({ total: 3, get: 1, put: 1, head: 1, list: 0, copy: 0, delete: 0, invalidate: 0 });
  });

  it("replaces headers in place, and only of what is there with the version asked for", async () => {
    await using folder = await tempTree();
    const store = folderStore(folder.path, requestCounter());
    const body = Buffer.from("bytes");
    const digest = createHash("sha256").update(body).digest("hex");
    const headers = { "content-type": "text/plain" };
    const copy = { key: "a.txt", sha256: digest, headers, condition: { kind: "version", version: digest } } as const;
    expect(await store.copy(copy)).toEqual({ outcome: "refused" });
    await store.put({ key: "a.txt", body, sha256: digest, headers: { "cache-control": "no-cache" } });
    const condition = { kind: "version", version: "another" } as const;
    expect(await store.copy({ ...copy, condition })).toEqual({ outcome: "refused" });
    expect(await store.copy(copy)).toEqual({ outcome: "stored", version: digest });
    expect(await store.get("a.txt")).toEqual({ body, version: digest, headers });
  });
});
