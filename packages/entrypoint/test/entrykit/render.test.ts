import { readFile, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";

import { runSync, startProgram, tempTree } from "@slipway/testkit";
import { afterAll, beforeAll, expect, it } from "vitest";

import { buildProgram, type BuiltProgram } from "../bundle.ts";

let built: BuiltProgram;
beforeAll(async () => {
  built = await buildProgram();
  await using links = startProgram(process.execPath, [built.file, "--symlink"]);
  await links.ended;
});
afterAll(async () => built[Symbol.asyncDispose]());

const renderer = (): string => join(dirname(built.file), "render");

it("keeps bytes of a template, and of a file in it, that are not UTF-8", async () => {
  const latin = Buffer.from("caf\u00e9\n", "latin1");
  await using folder = await tempTree({
    included: latin,
    "t.tmpl": Buffer.concat([latin, Buffer.from('{{ file "included" }}')]),
  });
  await using program = startProgram(renderer(), ["t"], { cwd: folder.path });
  expect((await program.ended).code).toBe(0);
  expect((await readFile(join(folder.path, "t"))).toString("latin1")).toBe("caf\u00e9\ncaf\u00e9\n");
});

it.each([
  ["a pipe as a template", "", "!! open f.tmpl: not a regular file\n"],
  ["a pipe in a template", '{{ file "f.tmpl" }}', "open f.tmpl: not a regular file"],
  ["a device without an end", '{{ file "/dev/zero" }}', "open /dev/zero: not a regular file"],
])("reads files only: %s", async (_, template, said) => {
  await using folder = await tempTree({ "t.tmpl": template });
  runSync("mkfifo", [join(folder.path, "f.tmpl")]);
  await using program = startProgram(renderer(), [template === "" ? "f" : "t"], { cwd: folder.path });
  expect((await program.ended).code).toBe(1);
  expect(program.stderr()).toContain(said);
});

it("reads a file of no known length, and none without an end", async () => {
  await using folder = await tempTree({ "t.tmpl": '{{ file "/proc/self/cmdline" | len }}' });
  await using program = startProgram(renderer(), ["t"], { cwd: folder.path });
  expect((await program.ended).code).toBe(0);
  expect(Number(await readFile(join(folder.path, "t"), "utf8"))).toBeGreaterThan(10);
  const text = Buffer.alloc(32 * 1024 * 1024 + 1, "x");
  await using large = await tempTree({ "t.tmpl": text });
  await using refused = startProgram(renderer(), ["t"], { cwd: large.path });
  expect((await refused.ended).code).toBe(1);
  expect(refused.stderr()).toContain("open t.tmpl: longer than 33554432 bytes");
});

it.each(["", "> log; cat log", "| cat"])("writes where a link to standard output leads: %s", async (where) => {
  await using folder = await tempTree({ "t.tmpl": "rendered\n" });
  await symlink("/dev/stdout", join(folder.path, "t"));
  const script = `(echo before; "$0" t; echo after) ${where}`;
  await using program = startProgram("sh", ["-c", script, renderer()], { cwd: folder.path });
  await program.ended;
  expect(program.stderr()).toBe("");
  expect(program.stdout()).toBe("before\nrendered\nafter\n");
});
