import { tempTree } from "@slipway/testkit";
import { execa } from "execa";
import { describe, expect, it } from "vitest";

import { readSource, sourceAddress } from "../../src/publish/source.ts";
import { rejection } from "../rejection.ts";

describe("where a definition comes from", () => {
  it.each([
    ["git@github.com:team/images.git", "https://github.com/team/images"],
    ["https://me:secret@github.com/team/images.git", "https://github.com/team/images"],
    ["https://bob:p@ss-word@example.com/a/b.git", "https://example.com/a/b"],
    ["https://bob:p@ss/word@example.com/a/b.git", undefined],
    ["bob:secret@example.com:a/b.git", undefined],
    ["https://example.com:8443/a/b.git/?token=secret#x", "https://example.com:8443/a/b"],
    ["ssh://git@git.example.com:2222/team/images", "https://git.example.com/team/images"],
    ["git@git.example.com:/team/images.git", "https://git.example.com/team/images"],
    ["/srv/git/images.git", undefined],
    ["../images", undefined],
    ["file:///srv/git/images.git", undefined],
    ["C:\\git\\images", undefined],
    ["https://github.com/team/images", "https://github.com/team/images"],
  ])("%s is %s", (remote, address) => expect(sourceAddress(remote)).toBe(address));

  it("is its commit, with the commit's time", async () => {
    await using tree = await tempTree({ "a.txt": "1" });
    expect(await readSource(tree.path, {})).toEqual({ epoch: 0 });
    const git = async (...args: readonly string[]): Promise<string> =>
      (await execa("git", ["-C", tree.path, "-c", "user.name=a", "-c", "user.email=a@b", ...args])).stdout;
    await git("init", "--quiet");
    await git("add", ".");
    await git("commit", "--quiet", "--message=a", "--date=@1000000000");
    await git("remote", "add", "origin", "git@github.com:team/images.git");
    const revision = await git("rev-parse", "HEAD");
    const source = "https://github.com/team/images";
    const epoch = Number(await git("log", "-1", "--format=%ct"));
    expect(await readSource(tree.path, {})).toEqual({ revision, source, epoch });
    await using changed = await tempTree({});
    expect(await readSource(changed.path, { SOURCE_DATE_EPOCH: "7" })).toEqual({ epoch: 7 });
    expect(await readSource(changed.path, { SOURCE_DATE_EPOCH: "" })).toEqual({ epoch: 0 });
    await execa("sh", ["-c", "echo 2 > a.txt"], { cwd: tree.path });
    expect(await readSource(tree.path, {})).toMatchObject({ revision: `${revision}-dirty` });
  });

  it.each(["yesterday", "-1", "1.5", "1764374400000"])("has no SOURCE_DATE_EPOCH of %s", async (given) => {
    const error = await rejection(() => readSource("/", { SOURCE_DATE_EPOCH: given }));
    expect(error).toMatchObject({ code: "BASE_IMAGE_INVALID_VALUE", exitCode: 2 });
    expect(error.message).toContain(`SOURCE_DATE_EPOCH is "${given}"; expected seconds since 1970`);
  });
});
