import { expect } from "vitest";

import { JOB_CONTROL, SIGNALS } from "../../src/process/signals.ts";
import { inTerminal, task, type Item } from "./item.ts";
import type { Mode } from "./modes.ts";

/** tini keeps them from the app: they are about its own terminal. */
const KEPT_BY_TINI: ReadonlySet<string> = new Set(["SIGTTIN", "SIGTTOU"]);

const EARLY = "a PID 1 is given no signal before Node listens: put tini in front";

/** Longer than a start takes on a busy machine: who has lost the signal ends with 0 then. */
const LOST_AFTER_S = "15";

function first(mode: Mode): string | undefined {
  return mode.first ? EARLY : undefined;
}

/** What becomes of signals. */
export const SIGNAL_ITEMS: readonly Item[] = [
  {
    item: 4,
    title: "each signal reaches the app exactly once",
    holds: async (place) => {
      const names = [...SIGNALS.map(({ signal }) => signal), ...JOB_CONTROL].filter((name) => name !== "SIGTERM");
      const expected = names.filter((name) => !place.mode.tini || !KEPT_BY_TINI.has(name));
      const app = await place.start({ command: ["prints-signals"] });
      await app.says("ready");
      for (const name of expected) {
        app.kill(name);
        await app.says(`got ${name.slice(3)}\n`);
      }
      app.kill("SIGTERM");
      const { stdout, code } = await app.ended;
      const heard = stdout.split("\n").filter((line) => line.startsWith("got "));
      expect(heard).toEqual([...expected, "SIGTERM"].map((name) => `got ${name.slice(3)}`));
      expect(code).toBe(143);
    },
  },
  {
    item: 4,
    title: "real-time signals reach the app",
    holds: async (place) => {
      const script =
        "$SIG{$_} = sub { print qq(got $_[0]\\n) } for qw(RTMIN NUM63); $| = 1; print qq(ready\\n); sleep 1 while 1";
      const app = await place.start({ command: ["perl", "-e", script] });
      await app.says("ready");
      for (const [signal, name] of [
        [34, "RTMIN"],
        [63, "NUM63"],
      ] as const) {
        app.kill(signal);
        await app.says(`got ${name}`);
      }
      app.kill("SIGKILL");
      expect((await app.ended).code).toBe(137);
    },
  },
  {
    item: 5,
    title: "CHLD is not passed on to a task",
    holds: async (place) => {
      const script =
        "$SIG{CHLD} = sub { print qq(got CHLD\\n) }; $SIG{USR1} = sub { print qq(got USR1\\n) }; $| = 1; print qq(ready\\n); sleep 1 while 1";
      const start = await place.start({ definition: { tasks: [task("perl", "-e", script)] }, command: ["true"] });
      await start.says("ready");
      start.kill("SIGCHLD");
      start.kill("SIGUSR1");
      await start.says("got USR1");
      start.kill("SIGTERM");
      const { code, stdout } = await start.ended;
      expect({ code, stdout }).toEqual({ code: 143, stdout: "ready\ngot USR1\n" });
    },
  },
  {
    item: 6,
    title: "TERM during a task goes to the task, nothing later is started, and the end is 143",
    holds: async (place) => {
      const start = await place.start({
        definition: { tasks: [task("prints-signals"), task("echo", "LATER")] },
        command: ["echo", "APP"],
      });
      await start.says("ready");
      start.kill("SIGTERM");
      const { code, stdout } = await start.ended;
      expect(code).toBe(143);
      expect(stdout).toMatch(/^ready \d+\ngot TERM\n$/);
    },
  },
  {
    item: 7,
    title: "TERM between two steps ends the start",
    holds: async (place) => {
      // The task ends before its parent can look at the signal it was sent by it.
      const definition = { tasks: [task("sh", "-c", "kill -TERM $PPID"), task("echo", "LATER")] };
      expect(await place.run({ definition, command: ["echo", "APP"] })).toMatchObject({ code: 143, stdout: "" });
    },
  },
  {
    item: 8,
    title: "TERM in the first milliseconds is not lost",
    unless: first,
    holds: async (place) => {
      const delays = Array.from({ length: 12 }, (_, index) => index);
      const ends = delays.map(
        async (ms) => (await place.run({ command: ["sleep", LOST_AFTER_S], killAfter: { ms, signal: 15 } })).code,
      );
      expect(await Promise.all(ends)).toEqual(delays.map(() => 143));
    },
  },
  {
    item: 9,
    title: "TERM around the hand-over is not lost",
    unless: first,
    holds: async (place) => {
      const delays = Array.from({ length: 24 }, (_, index) => 20 + index * 3);
      const ends = delays.map(
        async (ms) => (await place.run({ command: ["sleep", LOST_AFTER_S], killAfter: { ms, signal: 15 } })).code,
      );
      expect(await Promise.all(ends)).toEqual(delays.map(() => 143));
    },
  },
  {
    item: 10,
    title: "a second stopping signal kills at once what the first one did not end",
    holds: async (place) => {
      const processes = { deaf: { run: ["ignores-term"] } };
      const start = await place.start({ definition: { processes, grace: "1h" }, flags: [] });
      await start.says("ready");
      start.kill("SIGTERM");
      await start.says("stopping");
      start.kill("SIGINT");
      expect((await start.ended).code).toBe(137);
    },
  },
  {
    item: 11,
    title: "what ignores TERM is killed after the grace: 137",
    holds: async (place) => {
      const processes = { deaf: { run: ["ignores-term"] } };
      const start = await place.start({ definition: { processes, grace: "200ms" } });
      await start.says("ready");
      start.kill("SIGTERM");
      expect((await start.ended).code).toBe(137);
    },
  },
  {
    item: 12,
    title: "a grace that is longer than what the container gets is warned of",
    holds: async (place) => {
      const processes = { a: { run: ["true"] } };
      const said = async (grace: object): Promise<string> =>
        (await place.run({ definition: { processes, ...grace }, flags: [] })).stderr;
      expect(await said({ grace: "45s" })).toContain("stopTimeout");
      expect(await said({})).not.toContain("stopTimeout");
    },
  },
  {
    item: 13,
    title: "the whole group is reached when the task is a shell",
    holds: async (place) => {
      const script = "prints-signals & wait; wait";
      const start = await place.start({ definition: { tasks: [task("sh", "-c", script)] }, command: ["echo", "APP"] });
      await start.says("ready");
      start.kill("SIGTERM");
      expect(await start.ended).toMatchObject({ code: 143, stdout: expect.stringContaining("got TERM") as unknown });
    },
  },
  {
    item: 14,
    title: "Ctrl-C on a terminal reaches the app once, also where exit codes become others",
    holds: async (place) => {
      for (const definition of [{}, { exitCodes: { "143": 5 } }]) {
        const app = await place.start({ definition, command: ["prints-signals"], around: inTerminal, input: null });
        await app.says("ready");
        app.write("\u0003");
        await app.says("got INT");
        app.write("\u0003");
        await app.says(/got INT[^]*got INT/);
        app.write("\u0003");
        await app.says(/got INT[^]*got INT[^]*got INT/);
        expect(app.stdout().match(/got INT/g)).toHaveLength(3);
      }
    },
  },
  {
    item: 15,
    title: "an interactive shell has job control and reads from the terminal",
    holds: async (place) => {
      const shell = await place.start({ command: ["bash", "--norc", "-i"], around: inTerminal, input: null });
      await shell.says(/[$#] $/);
      shell.write("echo flags-$-\n");
      await shell.says(/flags-\w*m/);
      shell.write("exit 5\n");
      const { code, stdout } = await shell.ended;
      expect(code).toBe(5);
      expect(stdout).not.toContain("no job control");
    },
  },
  {
    item: 16,
    title: "Ctrl-Z stops a job and fg brings it back",
    holds: async (place) => {
      const script = "sh -c 'echo u''p; read line; exit 7'; echo code-$?; fg; echo back-$?; exit 6";
      const shell = await place.start({ command: ["bash", "-ic", script], around: inTerminal, input: null });
      await shell.says(/^up\r?$/m);
      shell.write("\u001a");
      await shell.says("code-148");
      shell.write("\n");
      await shell.says("back-7");
      expect((await shell.ended).code).toBe(6);
    },
  },
  {
    item: 22,
    title: "where nothing reaps, one line says so and names the remedy; nowhere else",
    holds: async (place) => {
      const { stderr } = await place.run({ command: ["true"], flags: [] });
      expect(stderr.match(/warning: this is PID 1/g) ?? []).toHaveLength(place.mode.bare ? 1 : 0);
      if (place.mode.bare) expect(stderr).toMatch(/remedy: ENTRYPOINT \["tini".*--init.*initProcessEnabled/);
    },
  },
];
