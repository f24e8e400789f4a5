import { readlink } from "node:fs/promises";
import { dirname, join } from "node:path";

import { fixturePrograms, startProgram } from "@slipway/testkit";
import { afterAll, beforeAll, expect, it } from "vitest";

import { buildProgram, type BuiltProgram } from "../bundle.ts";

let built: BuiltProgram;
beforeAll(async () => {
  built = await buildProgram();
  await using links = startProgram(process.execPath, [built.file, "--symlink"]);
  await links.ended;
});
afterAll(async () => built[Symbol.asyncDispose]());

interface Said {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly pid: number;
}

async function call(name: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Said> {
  await using programs = await fixturePrograms();
  const path = `${dirname(built.file)}:${programs.searchPath}`;
  await using program = startProgram(join(dirname(built.file), name), args, {
    env: { ...process.env, PATH: path, ...env },
  });
  const { code } = await program.ended;
  return { code, stdout: program.stdout(), stderr: program.stderr(), pid: program.pid };
}

it("makes the links beside itself, once", async () => {
  for (const name of ["codep", "prehook", "render", "switch", "entrykit"]) {
    expect(await readlink(join(dirname(built.file), name))).toBe("entrypoint.cjs");
  }
  await using again = startProgram(process.execPath, [built.file, "--symlink"]);
  expect(await again.ended).toEqual({ code: 0, signal: null });
  expect(again.stdout()).toBe("");
});

it("runs the hooks in their order and then is the program, with the same PID", async () => {
  const { stdout, pid, code } = await call("prehook", ["echo one", "echo two", "echo three", "--", "shows-itself"]);
  expect(stdout.startsWith(`one\ntwo\nthree\npid ${String(pid)}\n`)).toBe(true);
  expect(stdout).toMatch(/SigIgn:\s+0+\n/);
  expect(code).toBe(0);
});

it("chains", async () => {
  const { stdout } = await call("prehook", ["echo 1", "--", "prehook", "echo 2", "--", "shows-arguments", "x"]);
  expect(stdout).toBe("1\n2\n1\n[x]\n");
});

it("ends with 0 when nothing follows the --", async () => {
  expect(await call("prehook", ["echo hook", "--"])).toMatchObject({ code: 0, stdout: "hook\n", stderr: "" });
});

it("expands what follows the --, not the hooks", async () => {
  const args = ["echo $FOO", "--", "shows-arguments", "$FOO", "${BAR:-d}", "${NEWV:=abc}", "$NEWV", "$(x)"];
  const { stdout } = await call("prehook", args, { FOO: "a b" });
  expect(stdout).toBe("$FOO\n5\n[a b]\n[d]\n[abc]\n[abc]\n[$(x)]\n");
});

it("gives hooks no standard input", async () => {
  expect(await call("prehook", ["cat", "--", "echo", "after"])).toMatchObject({ code: 0, stdout: "after\n" });
});

it.each([
  [["sh -c 'exit 7'", "--", "echo", "APP"], "!! exit status 7\n"],
  [["no-such-hook", "--", "echo", "APP"], '!! exec: "no-such-hook": executable file not found in $PATH\n'],
  [["sh -c 'kill -9 $$'", "--", "echo", "APP"], "!! signal: killed\n"],
  [["true", "--", "no-such-app"], '!! exec: "no-such-app": executable file not found in $PATH\n'],
  [["true", "--", "$CMD"], '!! exec: "$CMD": executable file not found in $PATH\n'],
  [["-q", "true"], "!! Unknown option -q\n"],
])("ends %j with 1", async (args, message) => {
  const { code, stderr, stdout } = await call("prehook", args, { CMD: "echo" });
  expect(code).toBe(1);
  expect(stderr).toContain(message);
  expect(stdout).not.toContain("APP");
});

it("prints the version", async () => {
  expect((await call("prehook", ["-v"])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});
