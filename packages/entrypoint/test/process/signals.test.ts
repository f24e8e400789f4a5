import { constants } from "node:os";

import { fixturePrograms, isAlive, startProgram, tempTree, until, type RunningProgram } from "@slipway/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { SIGNALS } from "../../src/process/signals.ts";
import { buildProgram, type BuiltProgram } from "../bundle.ts";

let built: BuiltProgram;
beforeAll(async () => {
  built = await buildProgram();
});
afterAll(async () => built[Symbol.asyncDispose]());

/** Starts `run` with one task after the other, a marker task after them, and an app that says so. */
async function withTasks(tasks: readonly object[], work: (program: RunningProgram) => Promise<void>): Promise<void> {
  await using programs = await fixturePrograms();
  const all = [...tasks, { task: "run", run: ["echo", "LATER"] }];
  await using app = await tempTree({ "entrypoint.json": JSON.stringify({ tasks: all }) });
  const options = { cwd: app.path, env: { ...process.env, PATH: programs.searchPath } };
  await using program = startProgram(process.execPath, [built.file, "run", "--", "echo", "APP"], options);
  await work(program);
  expect(program.stdout()).not.toContain("LATER");
  expect(program.stdout()).not.toContain("APP");
}

function run(...words: readonly string[]): object {
  return { task: "run", run: words };
}

it("numbers the signals as Linux does", () => {
  for (const row of SIGNALS) expect(constants.signals[row.signal]).toBe(row.number);
});

describe("a signal during a task", () => {
  it.each(SIGNALS.filter((row) => row.effect === "stop"))("$signal reaches it and ends the start", async (row) => {
    await withTasks([run("prints-signals")], async (program) => {
      await program.says("ready");
      program.kill(row.signal);
      if (row.signal !== "SIGTERM") {
        await program.says(`got ${row.signal.slice(3)}`);
        program.kill("SIGKILL");
        return;
      }
      expect(await program.ended).toEqual({ code: 143, signal: null });
      expect(program.stdout()).toContain("got TERM");
    });
  });

  it.each(["HUP", "INT", "QUIT"] as const)(
    "%s ends the start with 128 + its number when the task ends",
    async (name) => {
      await withTasks(
        [run("sh", "-c", `trap 'exit 0' ${name}; echo ready; while :; do sleep 0.02; done`)],
        async (program) => {
          await program.says("ready");
          program.kill(`SIG${name}`);
          expect(await program.ended).toEqual({ code: 128 + constants.signals[`SIG${name}`], signal: null });
        },
      );
    },
  );

  it("passes the others on exactly once without ending anything", async () => {
    await withTasks([run("prints-signals")], async (program) => {
      await program.says("ready");
      for (const { signal } of SIGNALS.filter((row) => row.effect === "pass")) {
        program.kill(signal);
        await program.says(`got ${signal.slice(3)}\n`);
      }
      program.kill("SIGTERM");
      expect((await program.ended).code).toBe(143);
      const heard = program
        .stdout()
        .split("\n")
        .filter((line) => line.startsWith("got "));
      expect(heard.toSorted()).toEqual([...new Set(heard)].toSorted());
    });
  });

  it("reaches the whole group when the task is a shell with a child", async () => {
    await withTasks([run("sh", "-c", "sh -c 'echo child $$; sleep 60' & echo ready; wait")], async (program) => {
      await program.says(/child \d+\n/);
      await program.says("ready");
      const child = Number(/child (\d+)/.exec(program.stdout())?.[1]);
      program.kill("SIGTERM");
      expect((await program.ended).code).toBe(143);
      await until("the child is gone", async () => !(await isAlive(child)));
    });
  });

  it("kills a task that ignores TERM at the second one", async () => {
    await withTasks([run("ignores-term")], async (program) => {
      await program.says("ready");
      program.kill("SIGTERM");
      await until("the first TERM was taken", async () => isAlive(program.pid));
      program.kill("SIGTERM");
      await until("the entrypoint has ended", async () => {
        program.kill("SIGTERM");
        return !(await isAlive(program.pid));
      });
      expect((await program.ended).code).toBe(143);
    });
  });

  it("ends a wait at once", async () => {
    await withTasks([{ task: "wait-for", url: "file:///no/such/file" }], async (program) => {
      await program.says("still waiting for file /no/such/file");
      program.kill("SIGTERM");
      expect(await program.ended).toEqual({ code: 143, signal: null });
    });
  });

  it("is not lost between two tasks", async () => {
    await withTasks([run("sh", "-c", "kill -TERM $PPID")], async (program) => {
      expect(await program.ended).toEqual({ code: 143, signal: null });
    });
  });
});

describe("what a task may leave behind", () => {
  it("does not wait for a daemon that keeps the output open", async () => {
    await using programs = await fixturePrograms();
    const tasks = [{ task: "run", run: ["forks-orphan"] }];
    await using app = await tempTree({ "entrypoint.json": JSON.stringify({ tasks }) });
    const options = { cwd: app.path, env: { ...process.env, PATH: programs.searchPath } };
    await using program = startProgram(process.execPath, [built.file, "run", "--", "echo", "APP"], options);
    await program.says("APP");
    const orphan = Number(/orphan (\d+)/.exec(program.stdout())?.[1]);
    expect(await isAlive(orphan)).toBe(true);
    process.kill(orphan, "SIGKILL");
  });

  it("leaves no task running when the entrypoint is killed", async () => {
    // Killed in the very instant a task starts, the entrypoint has not yet named the group to its leash.
    await withTasks([run("sh", "-c", "sleep 0.2; exec ignores-term")], async (program) => {
      await program.says("ready");
      const task = Number(/ready (\d+)/.exec(program.stdout())?.[1]);
      program.kill("SIGKILL");
      await until("the task is gone", async () => !(await isAlive(task)));
      expect(await isAlive(task)).toBe(false);
    });
  });

  it("has no child left after the hand-over", async () => {
    const tasks = [{ task: "run", run: ["true"] }];
    await using app = await tempTree({ "entrypoint.json": JSON.stringify({ tasks }) });
    const script = "cat /proc/$$/task/$$/children; echo; echo end";
    await using program = startProgram(process.execPath, [built.file, "run", "--quiet", "--", "sh", "-c", script], {
      cwd: app.path,
    });
    await program.ended;
    const [children = ""] = program.stdout().split("\n");
    // The one that is there is `cat` itself.
    expect(children.trim().split(" ").filter(Boolean).length).toBeLessThanOrEqual(1);
  });
});
