import { readFileSync } from "node:fs";
import { constants } from "node:os";
import { fileURLToPath } from "node:url";

import { fixturePrograms, isAlive, startProgram, until, type RunningProgram } from "@slipway/testkit";
import { describe, expect, it } from "vitest";

import { JOB_CONTROL, SIGNALS } from "../../../src/process/signals.ts";
import type { SuperviseOptions } from "../../../src/process/supervision/supervise.ts";
import type { SupervisedProcess } from "../../../src/process/supervision/plan.ts";

const FIXTURE = fileURLToPath(new URL("../../fixtures/supervise.ts", import.meta.url));

interface Call extends Partial<Omit<SuperviseOptions, "env" | "desk" | "emit">> {
  readonly processes: readonly SupervisedProcess[];
  readonly events?: boolean;
}

/** A process that a shell runs. */
function sh(name: string, script: string, rest: Partial<SupervisedProcess> = {}): SupervisedProcess {
  return { name, argv: ["sh", "-c", script], ...rest };
}

const WAITS = "trap 'echo $0 asked; exit 9' TERM; echo $0 ready; : > $0.ready; while :; do sleep 0.02; done";

/** A process that says `NAME ready` and makes a file of that name, and on TERM says `NAME asked` and ends with 9. */
function waits(name: string, rest: Partial<SupervisedProcess> = {}): SupervisedProcess {
  return { name, argv: ["sh", "-c", WAITS, name], ...rest };
}

/** A shell's wait for that file. */
function after(name: string): string {
  return `while [ ! -e ${name}.ready ]; do sleep 0.02; done`;
}

async function supervising(call: Call, work?: (program: RunningProgram) => Promise<void>) {
  await using programs = await fixturePrograms();
  const env = { ...process.env, PATH: programs.searchPath };
  await using program = startProgram(process.execPath, [FIXTURE, JSON.stringify(call)], { env, cwd: programs.path });
  await work?.(program);
  const end = await program.ended;
  return { ...end, stdout: program.stdout(), stderr: program.stderr() };
}

describe("which end ends them all", () => {
  it("is the first one's under any: the others are asked to end, and the exit code is the first one's", async () => {
    const end = await supervising({ processes: [waits("a"), sh("b", `${after("a")}; exit 3`)] });
    expect(end).toMatchObject({ code: 3, stdout: "a ready\na asked\n" });
  });

  it("is everybody's under all: the exit code is that of the first failure", async () => {
    // A process that has ended is there until its end was taken notice of.
    const late = "until [ -s c.pid ]; do sleep 0.02; done; while kill -0 $(cat c.pid); do sleep 0.02; done 2>/dev/null";
    const processes = [sh("a", `${late}; echo late; exit 4`), sh("b", "exit 0"), sh("c", "echo $$ > c.pid; exit 5")];
    expect(await supervising({ processes, endWhen: "all" })).toMatchObject({ code: 5, stdout: "late\n" });
  });

  it("is the named one's: others may end before, whatever their exit code", async () => {
    const processes = [sh("side", "exit 5"), waits("also"), sh("main", `${after("also")}; exit 6`)];
    const end = await supervising({ processes, endWhen: { named: "main" } });
    expect(end).toMatchObject({ code: 6, stdout: "also ready\nalso asked\n" });
  });
});

describe("the shell that kills the processes when the supervisor is killed", () => {
  it("is missed with a warning when it ends first", async () => {
    const end = await supervising({ processes: [waits("a")], events: true }, async (program) => {
      await program.says("a ready");
      const pid = String(program.pid);
      const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ");
      const shell = children.find((child) => readFileSync(`/proc/${child}/cmdline`, "utf8").includes("kill -s KILL"));
      process.kill(Number(shell), "SIGKILL");
      await program.says('"type":"warning","message":"the shell that kills the processes');
      program.kill("SIGTERM");
    });
    expect(end.code).toBe(9);
    expect(end.stdout).toContain("a asked\n");
  });

  it("is not missed when all is over", async () => {
    const { stderr } = await supervising({ processes: [sh("a", "exit 0")], events: true });
    expect(stderr).not.toContain("warning");
  });
});

describe("signals", () => {
  it("TERM asks each with its own stop signal, and the first failure is the exit code", async () => {
    const quits = sh("nginx", "trap 'echo quit; exit 0' QUIT; echo nginx ready; while :; do sleep 0.02; done", {
      stopSignal: "SIGQUIT",
    });
    const end = await supervising({ processes: [quits, waits("b")] }, async (program) => {
      await program.says("nginx ready");
      await program.says("b ready");
      program.kill("SIGTERM");
    });
    expect(end.code).toBe(9);
    expect(end.stdout).toContain("quit\n");
    expect(end.stdout).toContain("b asked\n");
  });

  it("passes every other signal that can be caught on, exactly once", async () => {
    const passed = [...SIGNALS.filter((row) => row.supervised === "pass").map((row) => row.signal), ...JOB_CONTROL];
    const processes = [{ name: "a", argv: ["prints-signals"] }, waits("b", {})];
    const quiet = processes.slice(0, 1);
    const end = await supervising({ processes: quiet }, async (program) => {
      await program.says("ready");
      for (const signal of passed) {
        program.kill(signal);
        await program.says(`got ${signal.slice(3)}\n`);
      }
      program.kill("SIGTERM");
    });
    const heard = end.stdout.split("\n").filter((line) => line.startsWith("got "));
    expect(heard.toSorted()).toEqual([...passed.map((signal) => `got ${signal.slice(3)}`), "got TERM"].toSorted());
    expect(end.code).toBe(143);
  });

  it("kills what ignores TERM after the grace, and not before", async () => {
    const processes = [{ name: "deaf", argv: ["ignores-term"] }];
    const end = await supervising({ processes, graceMs: 300, events: true }, async (program) => {
      await program.says("ready");
      program.kill("SIGTERM");
    });
    expect(end.code).toBe(137);
    expect(end.stderr).toContain('"process-killed"');
  });

  it.each(["SIGTERM", "SIGINT"] as const)("kills at once at a second stopping signal, %s", async (second) => {
    const processes = [{ name: "deaf", argv: ["ignores-term"] }];
    const end = await supervising({ processes, graceMs: 600_000, events: true }, async (program) => {
      await program.says("ready");
      program.kill("SIGTERM");
      await program.says('"stopping"');
      program.kill(second);
    });
    expect(end.code).toBe(128 + constants.signals.SIGKILL);
  });
});

describe("what is left", () => {
  it("reaches the whole group when a process is a shell with children", async () => {
    const processes = [sh("a", "sh -c 'echo child $$; exec sleep 60' & wait"), waits("b")];
    let child = 0;
    await supervising({ processes }, async (program) => {
      await program.says(/child \d+\n/);
      child = Number(/child (\d+)/.exec(program.stdout())?.[1]);
      program.kill("SIGTERM");
    });
    expect(child).toBeGreaterThan(0);
    await until("the child is gone", async () => !(await isAlive(child)));
  });

  it("asks what outlives the first process of its group, then kills it", async () => {
    const deaf = "trap '' TERM; echo ready $$; : > deaf.ready; while :; do sleep 0.05; done";
    const processes = [{ name: "a", argv: ["sh", "-c", `sh -c "$0" & ${after("deaf")}; exit 2`, deaf] }];
    const end = await supervising({ processes, graceMs: 200 });
    const orphan = Number(/ready (\d+)/.exec(end.stdout)?.[1]);
    expect(orphan).toBeGreaterThan(0);
    expect(end.code).toBe(2);
    await until("the orphan is gone", async () => !(await isAlive(orphan)));
  });

  it("is nothing when the supervisor is killed", async () => {
    const processes = [
      { name: "a", argv: ["ignores-term"] },
      { name: "b", argv: ["ignores-term"] },
    ];
    await supervising({ processes }, async (program) => {
      await program.says(/ready \d+\n[^]*ready \d+\n/);
      const pids = [...program.stdout().matchAll(/ready (\d+)/g)].map((match) => Number(match[1]));
      program.kill("SIGKILL");
      for (const pid of pids) await until("it is gone", async () => !(await isAlive(pid)));
      expect(pids).toHaveLength(2);
    });
  });
});

describe("what cannot be started", () => {
  it.each([
    ["no-such-program", 127],
    ["/", 126],
  ])("%s: nothing else is started and the exit code is %i", async (program, code) => {
    const end = await supervising({ processes: [sh("a", "echo started"), { name: "b", argv: [program] }] });
    expect(end).toMatchObject({ code, stdout: "" });
  });
});

describe("restarts", () => {
  // Who runs for longer than the longest pause begins to count anew: nobody here does.
  const restart = { when: "failure", most: 2, backOffMs: 1, longestMs: 600_000 } as const;

  it("are off by default", async () => {
    expect(await supervising({ processes: [sh("a", "echo once; exit 1")] })).toMatchObject({
      code: 1,
      stdout: "once\n",
    });
  });

  it("happen at most so often, and then its exit code counts", async () => {
    const end = await supervising({ processes: [sh("a", "echo run; exit 7", { restart }), waits("b")] });
    expect(end.code).toBe(7);
    expect(end.stdout.split("\n").filter((line) => line === "run")).toHaveLength(3);
  });

  it("do not follow an end without failure, unless always", async () => {
    expect((await supervising({ processes: [sh("a", "echo run", { restart })] })).stdout).toBe("run\n");
    const always = { ...restart, when: "always" } as const;
    expect((await supervising({ processes: [sh("a", "echo run", { restart: always })] })).stdout).toBe(
      "run\nrun\nrun\n",
    );
  });

  it("do not happen any more when a signal has asked for the end", async () => {
    const slow = { ...restart, backOffMs: 600_000, longestMs: 600_000 };
    const end = await supervising(
      { processes: [sh("a", "exit 7", { restart: slow })], events: true },
      async (program) => {
        await program.says('"process-restarting"');
        program.kill("SIGTERM");
      },
    );
    expect(end.code).toBe(7);
  });
});
