import { chmod, copyFile, open } from "node:fs/promises";
import { join } from "node:path";

import { fixturePrograms, startProgram, tempTree, type RunningProgram } from "@slipway/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { SUPERVISOR_MB } from "../../src/boot/print-plan.ts";
import { buildProgram, type BuiltProgram } from "../bundle.ts";

let built: BuiltProgram;
beforeAll(async () => {
  built = await buildProgram();
});
afterAll(async () => built[Symbol.asyncDispose]());

interface Call {
  readonly definition: object;
  readonly files?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly path?: string;
}

async function call(
  { definition, files, args = ["run"], env, path }: Call,
  work?: (program: RunningProgram) => Promise<void>,
) {
  await using programs = await fixturePrograms();
  const text = JSON.stringify({ tasks: [], ...definition });
  await using app = await tempTree({ "entrypoint.json": text, ...files });
  const searchPath = `${path ?? ""}:${programs.searchPath}`;
  const options = { cwd: app.path, env: { ...process.env, PATH: searchPath, ...env } };
  await using program = startProgram(process.execPath, [built.file, ...args], options);
  await work?.(program);
  const end = await program.ended;
  return { ...end, stdout: program.stdout(), stderr: program.stderr() };
}

/** `jobs` says `got TERM` when it is asked to end, which `web` causes as soon as it can. */
const TWO = {
  web: { run: ["sh", "-c", "echo serving; while [ ! -e jobs.ready ]; do sleep 0.02; done; exit 4"] },
  jobs: { run: ["sh", "-c", "trap 'echo got TERM; exit 0' TERM; : >jobs.ready; while :; do sleep 0.02; done"] },
};

describe("run without a command", () => {
  it("with --json leaves standard output to events: what tasks and processes print goes to standard error", async () => {
    for (const output of ["lines", "inherit"]) {
      const definition = { tasks: [{ task: "run", run: ["echo", "task"] }], processes: TWO, output };
      const { stdout, stderr } = await call({ definition, args: ["run", "--json"] });
      const events = stdout
        .trimEnd()
        .split("\n")
        .map((line) => (JSON.parse(line) as { type: string }).type);
      expect(events.at(-1)).toBe("summary");
      expect(stderr).toMatch(/^task\n/);
      expect(stderr).toContain("serving\n");
      expect(stderr).toContain("got TERM\n");
    }
  });

  it("says why a process could not be started", async () => {
    await using bin = await tempTree();
    const file = join(bin.path, "busy");
    await copyFile("/bin/true", file);
    await using _writer = await open(file, "r+");
    const { code, stderr } = await call({ definition: { processes: { a: { run: [file] } } } });
    expect(code).toBe(126);
    expect(stderr).toMatch(/a: ended with 126 \(0.00 s\): cannot be executed: .*ETXTBSY/);
  });

  it("looks for the programs before the tasks, unless a task may be what makes them", async () => {
    const receipt = JSON.stringify({ format: "slipway-receipt/1", release: "r", target: "s3://b", files: {} });
    const processes = { a: { run: ["no-such-program"] } };
    const tasks = [{ task: "verify-assets", receipt: "receipt.json" }];
    const { code, stdout } = await call({
      definition: { tasks, processes },
      files: { "receipt.json": receipt },
      args: ["run", "--json"],
    });
    expect(code).toBe(127);
    expect(stdout).not.toContain("step-started");
  });

  it("runs the processes after the tasks, until the first one ends", async () => {
    const definition = { tasks: [{ task: "run", run: ["echo", "task"] }], processes: TWO, output: "prefixed" };
    const { code, stdout, stderr } = await call({ definition });
    expect(code).toBe(4);
    expect(stdout).toMatch(/^task\n/);
    expect(stdout).toContain("web  | serving\n");
    expect(stdout).toContain("jobs | got TERM\n");
    expect(stderr).toMatch(/entrypoint: web: ended with 4/);
  });

  it("keeps the timeline of what came before them", async () => {
    const definition = { tasks: [{ task: "run", run: ["echo", "task"] }], processes: TWO };
    const { stdout } = await call({ definition, args: ["run", "--metrics", "Shop"] });
    const [task, boot = "", step = "", ...rest] = stdout.split("\n");
    expect(task).toBe("task");
    expect(JSON.parse(boot)).toMatchObject({ BootFailed: 0 });
    expect(JSON.parse(step)).toMatchObject({ Step: "run" });
    expect(rest).toContain("serving");
  });

  it("runs the processes of a Procfile", async () => {
    const files = { Procfile: "web: echo one two | tr a-z A-Z; exit 3\n" };
    expect(await call({ definition: { procfile: "Procfile" }, files })).toMatchObject({ code: 3, stdout: "ONE TWO\n" });
  });

  it("becomes a command that is given", async () => {
    const { stdout, code } = await call({ definition: { processes: TWO }, args: ["run", "--", "echo", "console"] });
    expect({ stdout, code }).toEqual({ stdout: "console\n", code: 0 });
  });

  it("starts nothing when one of the programs is not there", async () => {
    const processes = { ...TWO, other: { run: ["no-such-program"] } };
    expect(await call({ definition: { processes } })).toMatchObject({ code: 127, stdout: "" });
  });

  it("tells it as events, the summary last", async () => {
    const { stdout } = await call({
      definition: { processes: { a: { run: ["exits", "3"] } } },
      args: ["run", "--json"],
    });
    const events = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { readonly type: string });
    expect(events.map(({ type }) => type)).toEqual(["process-started", "process-ended", "summary"]);
    expect(events.at(-1)).toMatchObject({ outcome: "ended", exitCode: 3 });
  });
});

describe("exit codes that are others to the outside", () => {
  const exitCodes = { "143": 0, "7": 9 };

  it.each([
    ["exits 7", ["exits", "7"], 9],
    ["exits 8", ["exits", "8"], 8],
    ["a signal's", ["sh", "-c", "kill -TERM $$"], 0],
  ])("of a command: %s", async (_, command, code) => {
    expect((await call({ definition: { exitCodes }, args: ["run", "--", ...command] })).code).toBe(code);
  });

  it("of processes, from the environment", async () => {
    const definition = { processes: { a: { run: ["exits", "7"] } } };
    expect((await call({ definition, env: { ENTRYPOINT_EXIT_CODES: "7=0" } })).code).toBe(0);
  });

  it("are tini's work where there is tini and they become 0", async () => {
    await using bin = await tempTree({ tini: '#!/bin/sh\necho "tini $*"\n' });
    await chmod(join(bin.path, "tini"), 0o755);
    const definition = { exitCodes: { "143": 0, "130": 0 } };
    const { stdout } = await call({ definition, path: bin.path, args: ["run", "--quiet", "--", "true"] });
    expect(stdout).toBe("tini -s -e 130 -e 143 -- true\n");
  });

  it("do not keep signals and standard input from the command", async () => {
    const args = ["run", "--", "prints-signals"];
    const { code, stdout } = await call({ definition: { exitCodes }, args }, async (program) => {
      await program.says("ready");
      program.kill("SIGUSR1");
      await program.says("got USR1");
      program.kill("SIGTERM");
    });
    expect(code).toBe(0);
    expect(stdout.match(/got/g)).toHaveLength(2);
  });
});

describe("explain", () => {
  it("prints the processes, how they end and what stays in memory", async () => {
    const restart = { run: ["sidekiq"], restart: "failure", stopSignal: "SIGTSTP" };
    const processes = { web: { run: ["puma"] }, jobs: { ...restart, stopSignal: "SIGQUIT" } };
    const { stdout } = await call({ definition: { processes, exitCodes: { "143": 0 } }, args: ["explain"] });
    expect(stdout).toBe(`release: none
mode: all
then: runs 2 processes until the first one ends, and keeps about ${String(SUPERVISOR_MB)} MB resident
   web: puma (stopped by SIGTERM)
   jobs: sidekiq (stopped by SIGQUIT, up to 5 restarts (failure))
   killed 8 s after they are asked to end
exit code 143 becomes 0
on ECS:
   stopTimeout: 8 s may be needed: the default of 30 is enough
`);
  });
});

describe("a command that is not there", () => {
  const migrate = { task: "wait-for", url: "file:///no/such/file", deadline: "10m" };

  it("is found out before anything is waited for", async () => {
    const { code, stderr } = await call({ definition: { tasks: [migrate] }, args: ["run", "--", "no-such-program"] });
    expect(code).toBe(127);
    expect(stderr).not.toContain("wait-for");
  });

  it("may be made by a task that runs a command", async () => {
    const run = ["sh", "-c", "printf '#!/bin/sh\necho made\n' >made; chmod +x made"];
    const { stdout } = await call({ definition: { tasks: [{ task: "run", run }] }, args: ["run", "--", "./made"] });
    expect(stdout).toBe("made\n");
  });
});
