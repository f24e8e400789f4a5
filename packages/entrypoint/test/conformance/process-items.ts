import { expect } from "vitest";

import { task, type Item } from "./item.ts";
import type { Mode } from "./modes.ts";

const COUNT_ZOMBIES = "cat /proc/[0-9]*/stat 2>/dev/null | grep -c ') Z '";

/** Says that there are none as soon as that is so, after what is on its way has had its time. */
const NO_ZOMBIES = `for try in $(seq 120); do sleep 0.5; [ "$(${COUNT_ZOMBIES})" = 0 ] && echo none && break; done`;

function bare(mode: Mode): string | undefined {
  return mode.bare ? "nothing reaps what a PID 1 without an init is left with; item 22 warns of it" : undefined;
}

/** A process that says that it is ready, and that it was asked, `seconds` before it ends with `code`. */
function asked(code: number, seconds = 0, signal = "TERM"): readonly string[] {
  const answer = `echo $0 asked; sleep ${String(seconds)}; echo $0 done; exit ${String(code)}`;
  return ["sh", "-c", `trap '${answer}' ${signal}; echo $0 ready; while :; do sleep 0.02; done`];
}

/** A process that says what it got when it gets TERM, and one that waits until the other can. */
function askable(): { readonly kind: string; readonly waits: string } {
  const ready = `/dev/shm/ready-${String(Math.random())}`;
  return {
    kind: `trap 'echo got TERM; exit 0' TERM; : >${ready}; while :; do sleep 0.02; done`,
    waits: `while [ ! -e ${ready} ]; do sleep 0.02; done; rm ${ready}`,
  };
}

function named(name: string, words: readonly string[], rest: object = {}): object {
  return { [name]: { run: [...words, name], ...rest } };
}

/** Shell words that write three lines of a million bytes. */
function longLines(letter: string): string {
  return `perl -e 'print((qq(${letter}) x 1_000_000), qq(\\n)) for 1 .. 3'`;
}

/** Tasks, zombies and several processes. */
export const PROCESS_ITEMS: readonly Item[] = [
  {
    item: 19,
    title: "a hundred orphans of the app leave no zombie",
    unless: bare,
    holds: async (place) => {
      const orphans = "i=0; while [ $i -lt 100 ]; do (sh -c 'sleep 0.1' &) ; i=$((i+1)); done";
      expect((await place.sh(`${orphans}; ${NO_ZOMBIES}`)).stdout).toBe("none\n");
    },
  },
  {
    item: 20,
    title: "zombies that a task has left are gone after the hand-over",
    unless: bare,
    holds: async (place) => {
      const definition = { tasks: [task("sh", "-c", "(sleep 0.05 &) ; (sleep 0.05 &)")] };
      expect((await place.sh(NO_ZOMBIES, { definition })).stdout).toBe("none\n");
    },
  },
  {
    item: 21,
    title: "what outlives the first of its group is asked to end, and killed after the grace",
    holds: async (place) => {
      const { kind, waits } = askable();
      const script = `(${kind}) & ignores-term & ${waits}; exit 2`;
      const definition = { processes: { a: { run: ["sh", "-c", script] } }, grace: "1s" };
      const { code, stdout } = await place.run({ definition });
      expect(code).toBe(2);
      expect(stdout).toContain("got TERM");
    },
  },
  {
    item: 23,
    title: "a daemon that keeps a task's output open does not hold the start up",
    holds: async (place) => {
      const definition = { tasks: [task("sh", "-c", "(setsid sleep 2 &)")] };
      const app = await place.start({
        definition,
        command: ["sh", "-c", "echo APP"],
      });
      await app.says("APP");
      expect(app.stdout()).toBe("APP\n");
    },
  },
  {
    item: 32,
    title: "the first end ends all: they are asked, then killed, and its exit code is the end's",
    holds: async (place) => {
      const { kind, waits } = askable();
      const processes = {
        ends: { run: ["sh", "-c", `${waits}; exit 3`] },
        kind: { run: ["sh", "-c", kind] },
        deaf: { run: ["ignores-term"] },
      };
      const { code, stdout } = await place.run({ definition: { processes, grace: "1s" } });
      expect(code).toBe(3);
      expect(stdout).toContain("got TERM");
    },
  },
  {
    item: 32,
    title: "or all have to end, or the named one",
    holds: async (place) => {
      const processes = {
        ...named("early", ["sh", "-c", "exit 4"]),
        ...named("late", ["sh", "-c", "sleep 0.3; echo late; exit 5"]),
      };
      const all = await place.run({ definition: { processes, endWhen: "all" } });
      expect(all).toMatchObject({ code: 4, stdout: "late\n" });
      expect(await place.run({ definition: { processes, endWhen: "late" } })).toMatchObject({
        code: 5,
        stdout: "late\n",
      });
    },
  },
  {
    item: 33,
    title: "when one cannot be started, none is: 127 or 126",
    holds: async (place) => {
      const good = named("good", ["sh", "-c", "echo started"]);
      const missing = await place.run({ definition: { processes: { ...good, bad: { run: ["no-such-program"] } } } });
      expect(missing).toMatchObject({ code: 127, stdout: "" });
      expect((await place.run({ definition: { processes: { ...good, bad: { run: ["/"] } } } })).code).toBe(126);
    },
  },
  {
    item: 34,
    title: "all are asked together, and the slowest has the whole grace",
    holds: async (place) => {
      const processes = { ...named("quick", asked(0)), ...named("slow", asked(0, 1)) };
      const start = await place.start({ definition: { processes, grace: "30s" } });
      await start.says("quick ready");
      await start.says("slow ready");
      start.kill("SIGTERM");
      const { code, stdout } = await start.ended;
      expect(code).toBe(0);
      expect(stdout).toContain("slow done");
    },
  },
  {
    item: 35,
    title: "each has a stop signal of its own",
    holds: async (place) => {
      const processes = {
        ...named("nginx", asked(0, 0, "QUIT"), { stopSignal: "SIGQUIT" }),
        ...named("puma", asked(0)),
      };
      const start = await place.start({ definition: { processes } });
      await start.says("nginx ready");
      await start.says("puma ready");
      start.kill("SIGTERM");
      const { code, stdout } = await start.ended;
      expect(code).toBe(0);
      expect(stdout).toContain("nginx done");
    },
  },
  {
    item: 36,
    title: "nothing is started again unless it is said; then with pauses and so often at most",
    holds: async (place) => {
      const run = ["sh", "-c", "echo run; exit 6"];
      expect(await place.run({ definition: { processes: { a: { run } } } })).toMatchObject({
        code: 6,
        stdout: "run\n",
      });
      const again = { run, restart: "failure", restarts: 2, backOff: "10ms" };
      const { code, stdout } = await place.run({ definition: { processes: { a: again } } });
      expect({ code, stdout }).toEqual({ code: 6, stdout: "run\nrun\nrun\n" });
    },
  },
  {
    item: 37,
    title: "lines are whole, long ones too; bytes are as they were; a last line needs no end",
    holds: async (place) => {
      const processes = {
        a: { run: ["sh", "-c", longLines("a")] },
        b: { run: ["sh", "-c", longLines("b")] },
        c: { run: ["perl", "-e", "print qq(\\xff\\xfe\\x00c\\n), qq(no end)"] },
      };
      const { stdout } = await place.run({ definition: { processes, endWhen: "all", output: "prefixed" } });
      const lines = stdout.split("\n").filter((text) => text !== "");
      const longs = lines.filter((text) => text.length > 1_000);
      expect(longs.toSorted().map((text) => `${text.slice(0, 5)} ${String(text.length)}`)).toEqual(
        ["a | a", "a | a", "a | a", "b | b", "b | b", "b | b"].map((start) => `${start} 1000004`),
      );
      expect(longs.filter((text) => !/^(a \| a+|b \| b+)$/.test(text))).toEqual([]);
      expect(lines.filter((text) => text.length < 1_000)).toEqual(["c | \u00ff\u00fe\u0000c", "c | no end"]);
    },
  },
  {
    item: 38,
    title: "tasks run in their order, a failure stops them, and its exit code is the end's",
    holds: async (place) => {
      const tasks = [task("echo", "1"), task("echo", "2"), task("sh", "-c", "echo 3; exit 9"), task("echo", "4")];
      expect(await place.run({ definition: { tasks }, command: ["echo", "APP"] })).toMatchObject({
        code: 9,
        stdout: "1\n2\n3\n",
      });
    },
  },
  {
    item: 39,
    title: "a task that takes too long is stopped",
    holds: async (place) => {
      const tasks = [{ ...task("sleep", "60"), deadline: "100ms" }];
      const { code, stderr } = await place.run({ definition: { tasks }, command: ["echo", "APP"] });
      expect(code).toBe(125);
      expect(stderr).toContain("ENTRYPOINT_TASK_DEADLINE");
    },
  },
  {
    item: 40,
    title: "a task is tried again where that is said",
    holds: async (place) => {
      const file = `/dev/shm/tries-${String(Math.random())}`;
      const run = ["sh", "-c", `echo try >>${file}; [ "$(wc -l <${file})" = 3 ] || exit 8`];
      const after = ["sh", "-c", `cat ${file}; rm ${file}`];
      const tasks = [{ ...task(...run), tries: 3 }];
      expect(await place.run({ definition: { tasks }, command: after })).toMatchObject({
        code: 0,
        stdout: "try\ntry\ntry\n",
      });
      expect(
        (await place.run({ definition: { tasks: [{ ...task("sh", "-c", "exit 8"), tries: 2 }] }, command: ["true"] }))
          .code,
      ).toBe(8);
    },
  },
];
