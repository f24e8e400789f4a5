import { spawn } from "node:child_process";
import { symlink } from "node:fs/promises";
import { join } from "node:path";

import { startProgram, tempTree } from "@slipway/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { buildProgram, type BuiltProgram } from "../bundle.ts";
import { startHttpServer } from "../http-server.ts";

let built: BuiltProgram;
beforeAll(async () => {
  built = await buildProgram();
});
afterAll(async () => built[Symbol.asyncDispose]());

/** A full pipe as standard error, held open by a process that does not read it; it is a pipe with a name to be that. */
const INTO_FULL_PIPE = `
mkfifo pipe
sleep 60 <>pipe >/dev/null 2>&1 &
echo "holder $!"
exec 2>pipe
dd if=/dev/zero bs=1024 count=64 >&2 2>/dev/null
exec "$0" "$@"`;

/** Starts the entrypoint like that; `work` gets its PID when a task has said READY. */
async function startIntoFullPipe(tasks: readonly object[], work: (pid: number) => void) {
  await using app = await tempTree({ "entrypoint.json": JSON.stringify({ tasks }) });
  const words = ["-c", INTO_FULL_PIPE, process.execPath, built.file, "run", "--", "echo", "APP"];
  const child = spawn("/bin/sh", words, { cwd: app.path, stdio: ["ignore", "pipe", "ignore"] });
  const said: string[] = [];
  let told = false;
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    said.push(text);
    if (told || !said.join("").includes("READY")) return;
    told = true;
    work(child.pid ?? 0);
  });
  // Not before all that it has written is here; the holder has no part in this pipe.
  const end = await new Promise((resolve) => child.once("close", (code, signal) => resolve({ code, signal })));
  const holderPid = Number(/holder (\d+)/.exec(said.join(""))?.[1]);
  process.kill(holderPid, "SIGKILL");
  return { end, stdout: said.join("") };
}

describe("standard error is a full pipe that nobody reads", () => {
  it("does not keep the app from being started", async () => {
    const { end, stdout } = await startIntoFullPipe([{ task: "run", run: ["true"] }], () => undefined);
    expect(end).toEqual({ code: 0, signal: null });
    expect(stdout).toContain("APP\n");
  });

  it("does not keep TERM from ending the start", async () => {
    const tasks = [{ task: "run", run: ["sh", "-c", "echo READY; trap 'exit 0' TERM; while :; do sleep 0.02; done"] }];
    const { end, stdout } = await startIntoFullPipe(tasks, (pid) => process.kill(pid, "SIGTERM"));
    expect(end).toEqual({ code: 143, signal: null });
    expect(stdout).not.toContain("APP");
  });
});

it.each([["--help"], ["--version"], ["explain", "--", "true"], ["lint"], ["lint", "--json"], ["doctor"], ["bake"]])(
  "what was asked for with %s and cannot be written is a failure",
  async (...args) => {
    await using app = await tempTree({ "entrypoint.json": '{ "tasks": [] }' });
    const words = ["-c", 'exec "$0" "$@" >/dev/full', process.execPath, built.file, ...args];
    await using program = startProgram("/bin/sh", words, { cwd: app.path });
    expect(await program.ended).toEqual({ code: 125, signal: null });
    expect(program.stderr()).toBe("entrypoint: standard output cannot be written to: ENOSPC\n");
  },
);

it("a health check that cannot be written down still says how the app is", async () => {
  await using app = await startHttpServer((_, response) => response.end());
  const words = ["-c", 'exec "$0" "$@" >/dev/full', process.execPath, built.file, "health", "--url", app.origin];
  await using program = startProgram("/bin/sh", words);
  expect(await program.ended).toEqual({ code: 0, signal: null });
  expect(program.stderr()).toBe("entrypoint: standard output cannot be written to: ENOSPC\n");
});

it.each([["--version"], ["--help"]])(
  "entrykit's %s that cannot be written is a failure of entrykit's",
  async (flag) => {
    await using app = await tempTree({});
    const name = join(app.path, "prehook");
    await symlink(built.file, name);
    await using program = startProgram("/bin/sh", ["-c", 'exec "$0" "$@" >/dev/full', process.execPath, name, flag]);
    expect(await program.ended).toEqual({ code: 1, signal: null });
    expect(program.stderr()).toBe("!! standard output cannot be written to: ENOSPC\n");
  },
);
