import { chmod, chown, lstat, mkdir, readdir, readFile, stat, symlink } from "node:fs/promises";
import { join } from "node:path";

import { startProgram, tempTree } from "@slipway/testkit";
import { expect, it } from "vitest";

import { writeTarget } from "../../src/entrykit/write-target.ts";

async function modeOf(path: string): Promise<string> {
  return ((await stat(path)).mode & 0o7777).toString(8);
}

it("makes a new file with mode 0644, and nothing beside it", async () => {
  await using folder = await tempTree();
  writeTarget(join(folder.path, "a"), "text");
  expect(await readdir(folder.path)).toEqual(["a"]);
  expect(await modeOf(join(folder.path, "a"))).toBe("644");
});

it("keeps mode and owner of a file that exists, and replaces it at once", async () => {
  await using folder = await tempTree({ a: "old" });
  const file = join(folder.path, "a");
  await chmod(file, 0o640);
  if (process.getuid?.() === 0) await chown(file, 1234, 1234);
  const before = await stat(file);
  writeTarget(file, "new");
  const after = await stat(file);
  expect(await readFile(file, "utf8")).toBe("new");
  expect({ mode: after.mode, uid: after.uid, gid: after.gid }).toEqual({
    mode: before.mode,
    uid: before.uid,
    gid: before.gid,
  });
  expect(after.ino).not.toBe(before.ino);
});

it("writes through a symbolic link, which stays", async () => {
  await using folder = await tempTree({ "real/a": "old" });
  const link = join(folder.path, "link");
  await symlink("real/a", link);
  writeTarget(link, "new");
  expect((await lstat(link)).isSymbolicLink()).toBe(true);
  expect(await readFile(join(folder.path, "real/a"), "utf8")).toBe("new");
  expect(await readdir(join(folder.path, "real"))).toEqual(["a"]);
});

it("writes through a symbolic link that leads nowhere yet", async () => {
  await using folder = await tempTree();
  const link = join(folder.path, "link");
  await symlink("later", link);
  writeTarget(link, "new");
  expect((await lstat(link)).isSymbolicLink()).toBe(true);
  expect(await readFile(join(folder.path, "later"), "utf8")).toBe("new");
});

it("writes to a device in its place", () => {
  expect(() => writeTarget("/dev/null", "x")).not.toThrow();
});

it("writes in its place what only may be written itself", async () => {
  await using folder = await tempTree({ "closed/a": "a longer old text" });
  await chmod(join(folder.path, "closed/a"), 0o666);
  await chmod(join(folder.path, "closed"), 0o555);
  await chmod(folder.path, 0o755);
  const before = await stat(join(folder.path, "closed/a"));
  const script = `
    if (process.getuid?.() === 0) { process.setegid?.(65534); process.seteuid?.(65534); }
    const { writeTarget } = await import(${JSON.stringify(new URL("../../src/entrykit/write-target.ts", import.meta.url).href)});
    writeTarget(${JSON.stringify(join(folder.path, "closed/a"))}, "new");`;
  await using program = startProgram(process.execPath, ["--input-type=module", "-e", script]);
  expect({ ...(await program.ended), stderr: program.stderr() }).toEqual({ code: 0, signal: null, stderr: "" });
  expect(await readFile(join(folder.path, "closed/a"), "utf8")).toBe("new");
  expect((await stat(join(folder.path, "closed/a"))).ino).toBe(before.ino);
});

it.each([
  ["no/such/folder/a", "no such file or directory"],
  ["folder", "is a directory"],
  ["file/a", "not a directory"],
])("says why %s cannot be written", async (path, reason) => {
  await using folder = await tempTree({ file: "" });
  await mkdir(join(folder.path, "folder"));
  const target = join(folder.path, path);
  expect(() => writeTarget(target, "x")).toThrow(`open ${target}: ${reason}`);
});
