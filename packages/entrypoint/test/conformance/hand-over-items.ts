import { expect } from "vitest";

import { inTerminal, prepared, task, type Item, type Place } from "./item.ts";
import type { Mode } from "./modes.ts";

const NO_DEFAULT_ACTION = "Linux gives a PID 1 no signal that it has no handler for";

function bare({ bare: is }: Mode): string | undefined {
  return is ? NO_DEFAULT_ACTION : undefined;
}

async function code(place: Place, command: readonly string[]): Promise<number> {
  return (await place.run({ command })).code;
}

/** What the app is when it starts. */
export const HAND_OVER_ITEMS: readonly Item[] = [
  {
    item: 1,
    title: "each of the 256 exit codes is the app's",
    holds: async (place) => {
      const all = Array.from({ length: 256 }, (_, index) => index);
      // What the setting takes away has nothing to do with the number: there the borders are enough.
      const codes = place.setting.uid === 0 ? all : [0, 1, 2, 124, 125, 126, 127, 128, 129, 130, 137, 143, 254, 255];
      const seen: number[] = [];
      for (let from = 0; from < codes.length; from += 16) {
        const batch = codes.slice(from, from + 16);
        seen.push(...(await Promise.all(batch.map(async (one) => code(place, ["exits", String(one)])))));
      }
      expect(seen).toEqual(codes);
    },
  },
  {
    item: 2,
    title: "an app ended by signal n gives 128 + n",
    unless: bare,
    holds: async (place) => {
      // Perl itself ignores FPE.
      const standard = [1, 2, 3, 4, 6, 7, 9, 10, 11, 12, 13, 14, 15, 24, 25, 31];
      // Node, which is the parent of the child, knows no real-time signals and would say 0.
      const signals = place.mode.before.length === 0 ? standard : [...standard, 34, 64];
      const ends = signals.map(async (signal) => code(place, ["perl", "-e", `kill ${String(signal)}, $$; sleep 9`]));
      expect(await Promise.all(ends)).toEqual(signals.map((signal) => 128 + signal));
    },
  },
  {
    item: 3,
    title: "127 for what is not found, 126 for what cannot be executed, a text without an interpreter is the shell's",
    holds: async (place) => {
      expect(await code(place, ["no-such-program"])).toBe(127);
      expect(await code(place, ["/fixtures/bad"])).toBe(127);
      expect(await code(place, ["/fixtures/plain"])).toBe(126);
      expect(await code(place, ["/"])).toBe(126);
      expect((await place.run({ command: ["/fixtures/text", "A"] })).stdout).toBe("as text A\n");
    },
  },
  {
    item: 17,
    title: "standard input is the app's: a pipe, closed, a terminal",
    holds: async (place) => {
      expect(await place.run({ command: ["cat"], input: "a\nb" })).toMatchObject({ code: 0, stdout: "a\nb" });
      // tini itself does not start without a standard input.
      const closed = prepared(place.mode.after.length === 0 ? "exec <&-" : "exec </dev/null");
      expect((await place.sh("read line; echo $?", { around: closed })).stdout).toMatch(/^[12]\n/);
      expect((await place.sh("test -t 0 && echo terminal", { around: inTerminal })).stdout).toContain("terminal");
    },
  },
  {
    item: 18,
    title: "a task does not read the app's standard input",
    holds: async (place) => {
      const definition = { tasks: [task("cat")] };
      expect((await place.run({ definition, command: ["cat"], input: "for the app" })).stdout).toBe("for the app");
    },
  },
  {
    item: 24,
    title: "no signal is ignored and none is blocked",
    holds: async (place) => {
      const { stdout } = await place.run({ definition: { tasks: [task("true")] }, command: ["shows-itself"] });
      expect(stdout).toMatch(/SigBlk:\s+0000000000000000\nSigIgn:\s+0000000000000000\n/);
    },
  },
  {
    item: 25,
    title: "signals that were ignored on entry are at their default: Node has put them there",
    holds: async (place) => {
      const { stdout } = await place.run({ around: prepared("trap '' HUP INT"), command: ["shows-itself"] });
      expect(stdout).toMatch(/SigIgn:\s+0000000000000000\n/);
    },
  },
  {
    item: 26,
    title: "standard output and standard error are blocking",
    holds: async (place) => {
      // Through a real pipe: what Node starts has sockets.
      const through = prepared(`set -- sh -c '"$@" 2>&1 | cat' sh "$@"`);
      const { stdout } = await place.sh("grep flags /proc/self/fdinfo/1 /proc/self/fdinfo/2", {
        around: through,
        flags: [],
      });
      const flags = [...stdout.matchAll(/flags:\s+(\d+)/g)].map((match) => Number.parseInt(match[1] ?? "", 8) & 0o4000);
      expect(flags).toEqual([0, 0]);
    },
  },
  {
    item: 27,
    title: "only the standard streams are open; a descriptor that was inherited is closed",
    holds: async (place) => {
      const { stdout } = await place.run({ command: ["ls", "/proc/self/fd"], around: prepared("exec 7</dev/null") });
      // The fourth is the folder that is listed.
      expect(stdout.trim().split("\n")).toEqual(["0", "1", "2", "3"]);
    },
  },
  {
    item: 28,
    title: "the soft limit of open files is that of the entry",
    unless: ({ first }) => (first ? "Node has raised it, and a PID 1 has no parent that still knows it" : undefined),
    holds: async (place) => {
      // The parent has to have it too: a shell that stays, or tini.
      expect(await place.sh("ulimit -Sn", { around: belowLimitedShell })).toMatchObject({ stdout: "777\n" });
    },
  },
  {
    item: 29,
    title: "working directory, umask, user and the name as typed are unchanged",
    holds: async (place) => {
      const script = 'echo "$(umask) $(id -u)"; cat entrypoint.json; tr "\\0" "|" </proc/$$/cmdline';
      const { stdout } = await place.sh(script, { around: prepared("umask 027") });
      expect(stdout).toContain(`0027 ${String(place.setting.uid)}\n{"tasks":[]}`);
      expect(stdout).toContain("sh|-c|");
    },
  },
  {
    item: 30,
    title: "the environment is unchanged",
    holds: async (place) => {
      const env = { ONLY: "a b", EMPTY: "", NODE_ENV: "production" };
      const { stdout } = await place.run({ command: ["env"], env });
      const names = stdout
        .trim()
        .split("\n")
        .filter((line) => !line.startsWith("PATH="))
        .toSorted();
      // tini says its version in the environment of nobody: only these three are there.
      expect(names).toEqual(["EMPTY=", "NODE_ENV=production", "ONLY=a b"]);
    },
  },
  {
    item: 31,
    title: "the app, or tini above it, has the PID of the entrypoint, and nothing of Node is left",
    holds: async (place) => {
      const script = `echo "pid $$ of $PPID"; grep -E "Threads|VmRSS" /proc/$$/status; cat /proc/$PPID/comm;
        cat /proc/[0-9]*/comm | grep -c '^node'`;
      const { stdout, stderr } = await place.sh(script, { flags: [], definition: { tasks: [task("true")] } });
      const own = Number(/becoming [^]* \(pid (\d+)\)/.exec(stderr)?.[1]);
      const [, pid, parent] = /pid (\d+) of (\d+)/.exec(stdout) ?? [];
      const becameTini = place.mode.first && place.mode.tini;
      expect(Number(becameTini ? parent : pid)).toBe(own);
      expect(Number(/VmRSS:\s+(\d+) kB/.exec(stdout)?.[1])).toBeLessThan(10_000);
      expect(stdout).toMatch(/Threads:\s+1\n/);
      // As a child it sees the processes of other tests too.
      if (place.mode.before.length > 0) expect(stdout.trim().split("\n").at(-1)).toBe("0");
    },
  },
  {
    item: 41,
    title: "nothing is written by the start itself",
    holds: async (place) => {
      const { stdout } = await place.sh("find / -xdev -newermt '-3 seconds' -type f 2>/dev/null | head", {
        definition: { tasks: [task("true")] },
      });
      expect(stdout).toBe("");
    },
  },
  {
    item: 42,
    title: "the user needs no passwd entry",
    holds: async (place) => {
      const { code: exitCode, stdout } = await place.sh("id -u; getent passwd $(id -u) || echo nobody knows me");
      expect(exitCode).toBe(0);
      expect(stdout).toContain(place.setting.uid === 0 ? "0\nroot:" : "12345\nnobody knows me\n");
    },
  },
  {
    item: 43,
    title: "a /proc that shows nothing does not keep the app from being started",
    unless: ({ before }) => (before.length === 0 ? "its /proc is the driver's too" : undefined),
    holds: async (place) => {
      const hiding = ["sh", "-c", 'mount -t tmpfs none /proc && exec "$@"', "sh"];
      const { length } = place.mode.before;
      const hidden = (all: readonly string[]): readonly string[] => all.toSpliced(length, 0, ...hiding);
      expect(await place.run({ command: ["exits", "7"], around: hidden })).toMatchObject({ code: 7 });
    },
  },
  {
    item: 44,
    title: "an init above it is no trouble: nothing is warned of",
    unless: ({ bare: is }) => (is ? "there is none: one warning says so, item 22" : undefined),
    holds: async (place) => {
      expect((await place.run({ command: ["true"], flags: [] })).stderr).not.toContain("warning");
    },
  },
  {
    item: 45,
    title: "an app that sends itself TERM once more at the end, as Puma does, ends with 143",
    holds: async (place) => {
      const app = await place.start({ command: ["sh", "-c", RAISES_AGAIN] });
      await app.says("ready");
      app.kill("SIGTERM");
      // Bare as PID 1 the second TERM has no effect, so it goes on to its exit: that is why tini should be there.
      expect((await app.ended).code).toBe(place.mode.bare ? 1 : 143);
    },
  },
];

const RAISES_AGAIN = "trap 'trap - TERM; kill -TERM $$; exit 1' TERM; echo ready; while :; do sleep 0.02; done";

function belowLimitedShell(words: readonly string[]): readonly string[] {
  return ["sh", "-c", 'ulimit -Sn 777; "$@"; exit $?', "sh", ...words];
}
