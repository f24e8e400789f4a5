import { symlink } from "node:fs/promises";
import { join } from "node:path";

import { fixturePrograms, otherNodes, startProgram, tempTree, type OtherNode } from "@slipway/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { buildProgram, type BuiltProgram } from "../bundle.ts";

let built: BuiltProgram;
beforeAll(async () => {
  built = await buildProgram();
  await symlink("entrypoint.cjs", join(built.file, "../prehook"));
});
afterAll(async () => built[Symbol.asyncDispose]());

const NO_TASKS = { tasks: [] };

/** Starts the program on another Node; the definition lies in its working directory. */
async function startOn(
  node: OtherNode,
  args: readonly string[],
  { definition = NO_TASKS, name = "entrypoint.cjs" } = {},
) {
  const programs = await fixturePrograms();
  const app = await tempTree({ "entrypoint.json": JSON.stringify(definition) });
  const env = { ...process.env, PATH: programs.searchPath };
  const program = startProgram(node.file, [join(built.file, "..", name), ...args], { cwd: app.path, env });
  return {
    program,
    [Symbol.asyncDispose]: async () => {
      await program[Symbol.asyncDispose]();
      await app[Symbol.asyncDispose]();
      await programs[Symbol.asyncDispose]();
    },
  };
}

async function endOn(node: OtherNode, args: readonly string[], options = {}) {
  await using started = await startOn(node, args, options);
  const { code, signal } = await started.program.ended;
  return { code, signal, pid: started.program.pid, said: started.program.stdout() + started.program.stderr() };
}

describe.skipIf(otherNodes().length === 0).each(otherNodes())("on the $name Node that is supported", (node) => {
  it("becomes the app under its own PID, with no signal ignored", async () => {
    const { code, said, pid } = await endOn(node, ["run", "--", "shows-itself"]);
    expect(code).toBe(0);
    expect(said).toContain(`pid ${String(pid)}\n`);
    expect(said).toMatch(/SigIgn:\s+0000000000000000\n/);
    expect(said).toMatch(/SigBlk:\s+0000000000000000\n/);
  });

  it.each([0, 1, 7, 125, 143, 255])("ends with the app's %d", async (code) => {
    expect(await endOn(node, ["run", "--", "exits", String(code)])).toMatchObject({ code, signal: null });
  });

  it.each([
    [["no-such-program"], 127],
    [["/"], 126],
    [["/etc/passwd"], 126],
  ])("does not become %j and ends with %d", async (command, code) => {
    expect(await endOn(node, ["run", "--", ...command])).toMatchObject({ code, signal: null });
  });

  it("ends with 126 and a message where only the kernel refuses, not with an abort", async () => {
    await using folder = await tempTree({ script: "#!/bin/sh\n" });
    const busy = join(folder.path, "busy");
    const open = `cp /bin/true ${busy}; exec 9>>${busy}; "$0" "$@"; echo "code $?"`;
    await using app = await tempTree({ "entrypoint.json": JSON.stringify(NO_TASKS) });
    const args = ["-c", open, node.file, built.file, "run", "--", busy];
    await using program = startProgram("sh", args, { cwd: app.path });
    await program.ended;
    expect(program.stdout()).toContain("code 126\n");
    expect(program.stderr()).toContain("busy");
  });

  it.each(["SIGTERM", "SIGUSR1", "SIGWINCH"] as const)("gives %s to the app it has become", async (signal) => {
    await using started = await startOn(node, ["run", "--", "prints-signals"]);
    await started.program.says("ready");
    started.program.kill(signal);
    await started.program.says(`got ${signal.slice(3)}`);
    if (signal !== "SIGTERM") started.program.kill("SIGTERM");
    expect(await started.program.ended).toMatchObject({ code: 143 });
  });

  it("ends with 143 at TERM during a task, and starts nothing more", async () => {
    const definition = { tasks: [{ task: "run", run: ["sh", "-c", "echo GO; sleep 30"] }] };
    await using started = await startOn(node, ["run", "--", "echo", "APP"], { definition } as object);
    await started.program.says("GO");
    started.program.kill("SIGTERM");
    expect(await started.program.ended).toMatchObject({ code: 143, signal: null });
    expect(started.program.stdout()).not.toContain("APP");
  });

  it("runs a hook, then becomes the program", async () => {
    const { code, said } = await endOn(node, ["echo hook", "--", "echo", "app"], { name: "prehook" });
    expect({ code, said }).toEqual({ code: 0, said: "hook\napp\n" });
  });
});
