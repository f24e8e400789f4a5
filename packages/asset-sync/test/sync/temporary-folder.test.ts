import { mkdir, readdir, symlink, utimes } from "node:fs/promises";
import { join } from "node:path";

import { tempTree } from "@slipway/testkit";
import { afterEach, describe, expect, it, vi } from "vitest";

import { temporaryFolder } from "../../src/sync/temporary-folder.ts";

afterEach(() => vi.unstubAllEnvs());

describe("the temporary folder of a run", () => {
  it("takes the place of those that killed runs left a day ago, and of nothing else", async () => {
    await using tree = await tempTree({
      "asset-sync-tmp-Killed/0": "packed",
      "asset-sync-backup/a": "somebody's",
      "elsewhere/a": "somebody's",
    });
    vi.stubEnv("TMPDIR", tree.path);
    await mkdir(join(tree.path, "asset-sync-tmp-Works1"));
    await symlink(join(tree.path, "elsewhere"), join(tree.path, "asset-sync-tmp-Linked"));
    const longAgo = new Date(Date.now() - 2 * 24 * 60 * 60 * 1000);
    for (const name of ["asset-sync-tmp-Killed", "asset-sync-backup", "elsewhere"]) {
      await utimes(join(tree.path, name), longAgo, longAgo);
    }
    const made = await temporaryFolder();
    const left = ["asset-sync-backup", "asset-sync-tmp-Linked", "asset-sync-tmp-Works1", "elsewhere"];
    expect((await readdir(tree.path)).toSorted()).toEqual([...left, made.slice(tree.path.length + 1)].toSorted());
    expect(await readdir(join(tree.path, "elsewhere"))).toEqual(["a"]);
  });

  it("has to be in one that is there", async () => {
    vi.stubEnv("TMPDIR", "/nowhere/at/all");
    await expect(temporaryFolder()).rejects.toMatchObject({
      code: "ASSET_SYNC_OPTION_INVALID",
      message: expect.stringContaining("Temporary folder /nowhere/at/all: ENOENT"),
      hint: expect.stringContaining("TMPDIR"),
    });
  });
});
