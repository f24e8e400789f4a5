import { spawnSync } from "node:child_process";
import { join } from "node:path";

import { startProgram, tempTree } from "@slipway/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { buildProgram, type BuiltProgram } from "../bundle.ts";

let built: BuiltProgram;
beforeAll(async () => {
  built = await buildProgram();
});
afterAll(async () => built[Symbol.asyncDispose]());

/** What a start says in a folder with these files and a pipe that nobody writes to. */
async function start(definition: object, ...args: readonly string[]) {
  await using folder = await tempTree({ "entrypoint.json": JSON.stringify({ tasks: [], ...definition }) });
  spawnSync("mkfifo", [join(folder.path, "pipe")]);
  await using program = startProgram(process.execPath, [built.file, "run", ...args], { cwd: folder.path });
  const { code } = await program.ended;
  return { code, said: program.stderr() };
}

describe("a file that has no end", { timeout: 20_000 }, () => {
  it.each(["pipe", "/dev/zero"])("is refused as a definition: %s", async (file) => {
    const { code, said } = await start({}, "--config", file, "--", "true");
    expect(said).toContain(`entrypoint: ${file}: not a regular file\n`);
    expect(code).toBe(2);
  });

  it.each(["pipe", "/dev/zero"])("is refused as a Procfile: %s", async (procfile) => {
    const { code, said } = await start({ procfile });
    expect(said).toContain(`procfile: ${procfile}: not a regular file\n`);
    expect(code).toBe(2);
  });

  it("is refused as a receipt", async () => {
    const { code, said } = await start({ receipt: "pipe" }, "--", "true");
    expect(said).toContain("entrypoint: pipe: not a regular file\n");
    expect(code).toBe(2);
  });
});

it("a definition may begin with a byte order mark", async () => {
  await using folder = await tempTree({ "entrypoint.json": '\uFEFF{ "tasks": [] }' });
  const args = [built.file, "run", "--quiet", "--", "echo", "app"];
  await using program = startProgram(process.execPath, args, { cwd: folder.path });
  await program.ended;
  expect(program.stdout() + program.stderr()).toBe("app\n");
});
