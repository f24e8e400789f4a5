import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { tempTree } from "@slipway/testkit";
import { expect, it } from "vitest";

const FIXTURE = fileURLToPath(new URL("../../fixtures/supervise.ts", import.meta.url));

const TASKS = 50_000;
/** Side by side: one of them uses one processor. */
const SUPERVISORS = 2;
const LETTERS = ["a", "b", "c", "d"];
const LINE = 100;
const LINES_OF_A_TASK = 100;
const BYTES = TASKS * LINES_OF_A_TASK * LINE;

/** Garbage is collected soon: what a task leaves behind for good shows, and ends the supervisor when it is much. */
const SMALL_HEAP = ["--max-old-space-size=24", "--max-semi-space-size=2"];

/** What the supervisor holds at a moment. */
interface Holding {
  readonly megabytes: number;
  readonly descriptors: number;
}

function holdingOf(pid: number): Holding {
  const status = readFileSync(`/proc/${String(pid)}/status`, "utf8");
  return {
    megabytes: Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024,
    descriptors: readdirSync(`/proc/${String(pid)}/fd`).length,
  };
}

function textOf(letter: string): string {
  return `${letter.repeat(LINE - 1)}\n`.repeat(LINES_OF_A_TASK);
}

/** Counts lines that are not whole: each has its letter up to its end. */
function lineCounter(): { push(piece: Buffer): void; readonly seen: { bytes: number; broken: number } } {
  const whole = new Map(LETTERS.map((letter) => [letter.charCodeAt(0), Buffer.from(`${letter.repeat(LINE - 1)}\n`)]));
  const seen = { bytes: 0, broken: 0 };
  let rest = Buffer.alloc(0);
  return {
    seen,
    push: (piece) => {
      seen.bytes += piece.length;
      const all = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
      let at = 0;
      for (; at + LINE <= all.length; at += LINE) {
        const line = whole.get(all[at] ?? 0);
        if (line === undefined || all.compare(line, 0, LINE, at, at + LINE) !== 0) seen.broken += 1;
      }
      rest = Buffer.from(all.subarray(at));
    },
  };
}

interface Soaked {
  readonly code: unknown;
  readonly bytes: number;
  readonly broken: number;
  /** At each tenth of the output. */
  readonly holdings: readonly Holding[];
}

async function soak(folder: string): Promise<Soaked> {
  const restart = { when: "always", most: TASKS / SUPERVISORS / LETTERS.length - 1, backOffMs: 0, longestMs: 1e9 };
  const processes = LETTERS.map((name) => ({ name, argv: ["cat", join(folder, name)], restart }));
  const call = JSON.stringify({ processes, endWhen: "all" });
  const supervisor = spawn(process.execPath, [...SMALL_HEAP, FIXTURE, call], { stdio: ["ignore", "pipe", "inherit"] });
  const lines = lineCounter();
  const holdings: Holding[] = [];
  supervisor.stdout.on("data", (piece: Buffer) => {
    lines.push(piece);
    const tenth = BYTES / SUPERVISORS / 10;
    if (lines.seen.bytes > tenth * (holdings.length + 1)) holdings.push(holdingOf(supervisor.pid ?? 0));
  });
  const code = await new Promise((resolve) => supervisor.once("close", resolve));
  return { code, ...lines.seen, holdings };
}

it(
  `supervises ${String(TASKS)} short tasks and ${String(BYTES / 1e6)} MB: no line lost, memory flat, no descriptor left`,
  { timeout: 900_000 },
  async () => {
    await using files = await tempTree(Object.fromEntries(LETTERS.map((letter) => [letter, textOf(letter)])));
    const all = await Promise.all(Array.from({ length: SUPERVISORS }, async () => soak(files.path)));
    for (const { holdings, ...end } of all) {
      expect(end).toEqual({ code: 0, bytes: BYTES / SUPERVISORS, broken: 0 });
      const [, early, ...later] = holdings;
      expect(later.length).toBeGreaterThanOrEqual(7);
      for (const holding of later) {
        expect(holding.megabytes).toBeLessThan((early?.megabytes ?? 0) + 25);
        // A task that is being started at that moment has some of its own.
        expect(holding.descriptors).toBeLessThanOrEqual((early?.descriptors ?? 0) + 8);
      }
    }
  },
);
