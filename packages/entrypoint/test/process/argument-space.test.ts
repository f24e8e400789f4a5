import { join } from "node:path";

import { startProgram, tempTree } from "@slipway/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { argumentSpace } from "../../src/process/argument-space.ts";
import { buildProgram, type BuiltProgram } from "../bundle.ts";

const KILOBYTE = 1024;

let built: BuiltProgram;
beforeAll(async () => {
  built = await buildProgram();
  await using link = startProgram(process.execPath, [built.file, "--symlink"], { cwd: built.path });
  await link.ended;
});
afterAll(async () => built[Symbol.asyncDispose]());

interface Start {
  readonly tasks?: readonly object[];
  /** Size of the variable BIG. */
  readonly big: number;
  /** The soft limit of the stack in kilobytes. */
  readonly stack?: number;
}

/** Starts a program of the bundle's folder. */
async function start([name = "", ...words]: readonly string[], { tasks = [], big, stack = 8 * KILOBYTE }: Start) {
  await using app = await tempTree({ "entrypoint.json": JSON.stringify({ tasks }) });
  const options = { cwd: app.path, env: { PATH: process.env["PATH"], BIG: "x".repeat(big) } };
  const script = `ulimit -Ss ${String(stack)}; exec "$0" "$@"`;
  await using program = startProgram(
    "/bin/sh",
    ["-c", script, process.execPath, join(built.path, "bundle", name), ...words],
    options,
  );
  const end = await program.ended;
  return { ...end, stdout: program.stdout(), stderr: program.stderr() };
}

function prehook(...words: readonly string[]): readonly string[] {
  return ["prehook", "--task-exit-code", "--", ...words];
}

function bigWords(count: number): readonly string[] {
  return Array.from({ length: count }, () => "$BIG");
}

describe("what is too long for Linux is refused without a native abort", () => {
  it.each([
    ["one argument", prehook("true", "$BIG$BIG"), 100_000, "argument 1 of true is longer than the 131072 bytes"],
    ["the sum of arguments", prehook("true", ...bigWords(20)), 120_000, "the environment of true are, with"],
    ["the sum with the environment", prehook("true", ...bigWords(20)), 104_000, "the environment of true are, with"],
    [
      "a variable that was made on the way",
      prehook("true", "${NEW:=$BIG$BIG}"),
      65_536,
      "longer than the 131072 bytes",
    ],
    [
      "many short words by their pointers",
      prehook("true", ...bigWords(90_000)),
      16,
      "the environment of true are, with",
    ],
  ])("%s", async (_, words, big, message) => {
    const { code, signal, stderr } = await start(words, { big });
    expect({ code, signal }).toEqual({ code: 126, signal: null });
    expect(stderr).toContain(message);
    expect(stderr).not.toContain("xxx");
  });

  it("also under a small stack", async () => {
    const { code, stderr } = await start(prehook("true", ...bigWords(6)), { big: 60_000, stack: 1_200 });
    expect(code).toBe(126);
    expect(stderr).toContain("the arguments and the environment of true");
  });

  it("for a task, with the code of an error", async () => {
    const tasks = [{ task: "run", run: ["true", "${BIG}${BIG}"] }];
    const { code, stderr } = await start(["entrypoint.cjs", "run", "--", "true"], { tasks, big: 100_000 });
    expect(code).toBe(126);
    expect(stderr).toContain("[ENTRYPOINT_PROGRAM_NOT_EXECUTABLE]");
    expect(stderr).not.toContain("This is a bug");
  });
});

describe("what Linux takes is passed on", () => {
  it.each([
    ["with the usual stack", 16, undefined],
    ["with a larger stack", 40, 32 * KILOBYTE],
  ])("%s", async (_, count, stack) => {
    const big = { big: 120_000, ...(stack === undefined ? {} : { stack }) };
    const { code, stdout } = await start(prehook("sh", "-c", 'echo "$#"', "sh", ...bigWords(count)), big);
    expect(code).toBe(0);
    expect(stdout).toBe(`${String(count)}\n`);
  });
});

describe("argumentSpace", () => {
  it.each([
    ["unlimited", 6_291_456],
    ["8388608", 2_097_152],
    ["1", 131_072],
    ["1073741824", 6_291_456],
  ])("is a quarter of a stack of %s, within Linux' bounds and with a reserve", (soft, space) => {
    const text = `Max data size             unlimited            unlimited            bytes\nMax stack size            ${soft}    unlimited            bytes\n`;
    expect(argumentSpace(text)).toBe(space - 16_384);
  });

  it("takes the usual stack where nothing can be read", () => {
    expect(argumentSpace("")).toBe(2_097_152 - 16_384);
  });
});
