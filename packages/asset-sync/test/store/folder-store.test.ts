import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

import { tempTree } from "@slipway/testkit";
import { describe, expect, it } from "vitest";

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

  it("says which path it could not write", async () => {
    await using tree = await tempTree({ taken: "a file" });
    const store = folderStore(join(tree.path, "taken"), requestCounter());
    await expect(store.put(putRequest("a.css", "x"))).rejects.toMatchObject({
      code: "ASSET_SYNC_STORE_FAILED",
      message: expect.stringContaining(join(tree.path, "taken")),
    });
  });

  it("counts what it is asked for", async () => {
    await using tree = await tempTree();
    const counter = requestCounter();
    const store = folderStore(tree.path, counter);
    await store.get("a");
    await store.put(putRequest("a", "1"));
    await store.head("a");
    expect(counter.counts()).toEqual({ total: 3, get: 1, put: 1, head: 1, list: 0, copy: 0, delete: 0 });
  });
});
