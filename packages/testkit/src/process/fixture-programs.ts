import { chmod } from "node:fs/promises";
import { delimiter, join } from "node:path";

import { tempTree, type TempTree } from "../temp-tree.ts";

/** Small shell programs that behave in one way each; they say so on standard output, one line at a time. */
const PROGRAMS = {
  /** `exits N`: ends with N. */
  exits: `exit "$1"`,
  /** Says `ready` and its PID, then ignores TERM until it is killed. */
  "ignores-term": `trap '' TERM; echo "ready $$"; while :; do sleep 0.05; done`,
  /** Says each signal it gets; TERM ends it with 143 after it has said so. */
  "prints-signals": `
    for pair in HUP:1 INT:2 QUIT:3 USR1:10 USR2:12 ALRM:14 STKFLT:16 CONT:18 TSTP:20 TTIN:21 TTOU:22 URG:23 \
      VTALRM:26 PROF:27 WINCH:28 IO:29 PWR:30; do trap "echo got \${pair%:*}" "\${pair#*:}"; done
    trap 'echo got TERM; exit 143' TERM
    echo "ready $$"; while :; do sleep 0.02; done`,
  /** Leaves a process behind that holds its standard output, and ends with 0. */
  "forks-orphan": `sleep 30 & echo "orphan $!"`,
  /** Says what the program it has become has inherited. */
  "shows-itself": `
    echo "pid $$"; echo "argv0 $0"; echo "cwd $(pwd)"; echo "umask $(umask)"; echo "nofile $(ulimit -Sn)"
    exec grep -E '^(SigIgn|SigBlk|SigPnd):' /proc/self/status`,
  /** `shows-arguments A B`: their number and each in brackets. */
  "shows-arguments": `echo "$#"; for word in "$@"; do echo "[$word]"; done`,
} as const;

/** The names of the fixture programs. */
export type FixtureProgram = keyof typeof PROGRAMS;

/** A folder with all fixture programs, and a PATH that begins with it. */
export interface FixturePrograms extends TempTree {
  readonly searchPath: string;
}

/** Writes the fixture programs into a folder of their own. */
export async function fixturePrograms(): Promise<FixturePrograms> {
  const tree = await tempTree(
    Object.fromEntries(Object.entries(PROGRAMS).map(([name, body]) => [name, `#!/bin/sh\n${body}\n`])),
  );
  for (const name of Object.keys(PROGRAMS)) await chmod(join(tree.path, name), 0o755);
  return { ...tree, searchPath: `${tree.path}${delimiter}${process.env["PATH"] ?? ""}` };
}
