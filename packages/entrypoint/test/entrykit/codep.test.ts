import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";

import { fixturePrograms, isAlive, runSync, startProgram, tempTree, type RunningProgram } from "@slipway/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { planProcesses } from "../../src/entrykit/codep.ts";
import { readTask } from "../../src/entrykit/tasks.ts";
import { buildProgram, type BuiltProgram } from "../bundle.ts";

let built: BuiltProgram;
beforeAll(async () => {
  built = await buildProgram();
  runSync(built.file, ["--symlink"]);
});
afterAll(async () => built[Symbol.asyncDispose]());

/** A task that says `NAME up`, and on TERM ends with this code after it has said so. */
function task(name: string, code: number): string {
  return `${name}=sh -c 'exec 2>/dev/null; trap "echo ${name} asked; exit ${String(code)}" TERM; echo ${name} up; while :; do sleep 0.02; done'`;
}

async function call(
  name: string,
  args: readonly string[],
  work: (program: RunningProgram) => Promise<void>,
  more: NodeJS.ProcessEnv = {},
) {
  await using programs = await fixturePrograms();
  const path = `${dirname(built.file)}:${programs.searchPath}`;
  const env = { ...process.env, PATH: path, ...more };
  await using program = startProgram(join(dirname(built.file), name), args, { env });
  await work(program);
  const { code, signal } = await program.ended;
  return { code, signal, stdout: program.stdout(), stderr: program.stderr() };
}

async function termWhenUp(program: RunningProgram): Promise<void> {
  await program.says("a up");
  await program.says("b up");
  program.kill("SIGTERM");
}

describe("TERM to codep", () => {
  it("asks all tasks, and tasks that end well end it with 0", async () => {
    const end = await call("codep", [task("a", 0), task("b", 0)], termWhenUp);
    expect(end).toMatchObject({ code: 0, signal: null });
    expect(end.stdout).toContain("a asked\n");
    expect(end.stdout).toContain("b asked\n");
  });

  it("ends with 1 when a task fails at it", async () => {
    const end = await call("codep", [task("a", 0), task("b", 4), "--", "echo", "APP"], termWhenUp);
    expect(end).toMatchObject({ code: 1, signal: null });
    expect(end.stderr).toContain("!! exit status 4\n");
    expect(end.stdout).not.toContain("APP");
  });

  it("never starts the program after --", async () => {
    const end = await call("codep", [task("a", 0), task("b", 0), "--", "echo", "APP"], termWhenUp);
    expect(end).toMatchObject({ code: 143, signal: null });
    expect(end.stdout).not.toContain("APP");
  });
});

describe("a chain of commands", () => {
  it("is one start of Node, and in the end the program with its PID", async () => {
    await using hook = await tempTree({ "hook.cjs": 'require("node:fs").writeSync(2, "node starts\\n");' });
    const args = ["true", "--", "prehook", "true", "--", "switch", "a=b", "--", "shows-itself"];
    const env = { NODE_OPTIONS: `--require=${join(hook.path, "hook.cjs")}` };
    let pid = 0;
    const end = await call(
      "prehook",
      args,
      async (program) => {
        ({ pid } = program);
        await program.ended;
      },
      env,
    );
    expect(end).toMatchObject({ code: 0, stderr: "node starts\n" });
    expect(end.stdout).toMatch(new RegExp(`^pid ${String(pid)}\n`));
    expect(end.stdout).toMatch(/SigIgn:\s+0+\n/);
  });

  it("takes what an assignment has set, and each command its own options", async () => {
    const chain = ["--task-exit-code", "--", "prehook", "printenv ${SET:=SET}", "--", "prehook", "sh -c 'exit 7'"];
    const end = await call("prehook", chain, async (program) => {
      await program.ended;
    });
    expect(end).toMatchObject({ code: 1, stdout: "SET\n", stderr: "!! exit status 7\n" });
  });

  it("is not gone on with after TERM", async () => {
    await using folder = await tempTree({ "a.tmpl": "A" });
    const file = join(folder.path, "a");
    const chain = [
      task("a", 0),
      task("b", 0),
      "--",
      "render",
      file,
      "--",
      "prehook",
      "echo LATER",
      "--",
      "echo",
      "APP",
    ];
    const end = await call("codep", chain, termWhenUp);
    expect(end).toMatchObject({ code: 143, signal: null });
    expect(end.stdout).not.toMatch(/LATER|APP/);
    expect(await readdir(folder.path)).toEqual(["a.tmpl"]);
  });
});

it("passes USR1 to each task once", async () => {
  const end = await call("codep", ["prints-signals"], async (program) => {
    await program.says("ready");
    program.kill("SIGUSR1");
    await program.says("got USR1");
    program.kill("SIGTERM");
  });
  expect(end.stdout.match(/got USR1/g)).toHaveLength(1);
  expect(end).toMatchObject({ code: 1, stderr: expect.stringContaining("!! signal: terminated\n") as unknown });
});

it("TERM during a hook ends the hook, and nothing later starts", async () => {
  let hook = 0;
  const end = await call("prehook", ["prints-signals", "echo LATER", "--", "echo", "APP"], async (program) => {
    await program.says("ready");
    hook = Number(/ready (\d+)/.exec(program.stdout())?.[1]);
    program.kill("SIGTERM");
  });
  expect(end).toMatchObject({ code: 143, signal: null, stdout: expect.stringContaining("got TERM") as unknown });
  expect(end.stdout).not.toMatch(/LATER|APP/);
  expect(await isAlive(hook)).toBe(false);
});

it("gives each task a name of its own", () => {
  const tasks = ["bundle exec puma", "bundle exec sidekiq", "web=bin/rails s", "./bundle.sh", "x="].map(readTask);
  expect(planProcesses(tasks).map(({ name, argv }) => [name, argv[0]])).toEqual([
    ["bundle", "bundle"],
    ["bundle-2", "bundle"],
    ["web", "bin/rails"],
    ["bundle-3", "./bundle.sh"],
  ]);
});
