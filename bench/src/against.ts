import { execFile } from "node:child_process";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import type { Timing } from "./interleave.ts";
import { runElsewhere } from "./run-elsewhere.ts";
import type { BenchReport } from "./report.ts";
import { UsageError, type BenchOptions } from "./options.ts";
import { ratioOf, spreadOf } from "./summary.ts";

const execute = promisify(execFile);
const ROOT = join(import.meta.dirname, "..", "..");

/** Turns of each side, and the rounds in a turn where `--rounds` gives none. */
const TURNS = 3;
const ROUNDS = 3;

/** The reports of both sides, turn by turn. */
export interface Compared {
  readonly there: readonly BenchReport[];
  readonly here: readonly BenchReport[];
}

/**
 * Measures another commit and this one by turns. The other is checked out into a temporary folder, installed and bundled; it
 * is measured by the benchmarks of this one, so that only the products differ.
 * @throws UsageError where this repository has no such commit
 */
export async function compareWith(reference: string, options: BenchOptions): Promise<Compared> {
  await using checkout = await checkOut(reference);
  const there: BenchReport[] = [];
  const here: BenchReport[] = [];
  const run = async (folder: string, reports: BenchReport[]) =>
    reports.push(await runElsewhere(folder, { ...options, rounds: options.rounds ?? ROUNDS }));
  for (let turn = 0; turn < TURNS; turn += 1) {
    const sides = [() => run(checkout.folder, there), () => run(ROOT, here)];
    for (const side of turn % 2 === 0 ? sides : sides.toReversed()) await side();
  }
  return { there, here };
}

/** A line per case and per figure that both sides have: the other commit's, this one's, and this one's as a share of it. */
export function comparisonTable(reference: string, { there, here }: Compared): string {
  const before = merged(there);
  const after = merged(here);
  const timings = [...after].flatMap(([name, timing]) => {
    const other = before.get(name);
    return other === undefined ? [] : [timingLine(name, other, timing)];
  });
  const figures = Object.keys(here[0]?.figures ?? {}).flatMap((figure) => {
    const [old, fresh] = [there, here].map(
      (reports) => spreadOf(reports.flatMap(({ figures: all }) => all[figure] ?? [])).median,
    );
    return old === undefined || fresh === undefined || Number.isNaN(old)
      ? []
      : [`${figure}: ${shown(old)} → ${shown(fresh)}\n`];
  });
  return [`${reference} → here, medians with quartiles\n`, ...timings, ...figures].join("");
}

function timingLine(name: string, before: Timing, after: Timing): string {
  return `${name}: ${spreadText(before)} → ${spreadText(after)}  × ${ratioOf(after, before).toFixed(2)}\n`;
}

function spreadText({ samples }: Timing): string {
  const { median, low, high } = spreadOf(samples);
  return `${median.toFixed(1)} ms (${low.toFixed(1)} – ${high.toFixed(1)})`;
}

/** The samples of all turns by the name of the case. */
function merged(reports: readonly BenchReport[]): ReadonlyMap<string, Timing> {
  const all = Map.groupBy(
    reports.flatMap(({ timings }) => timings),
    ({ group, name }) => (group === undefined ? name : `${group}: ${name}`),
  );
  return new Map([...all].map(([name, parts]) => [name, { name, samples: parts.flatMap(({ samples }) => samples) }]));
}

function shown(value: number): string {
  return Number.isInteger(value) ? `${value}` : value.toFixed(2);
}

function isSource(path: string): boolean {
  return !/\/(?:node_modules|results)$/.test(path);
}

async function commitOf(reference: string): Promise<string> {
  const words = ["-C", ROOT, "rev-parse", "--verify", "--quiet", "--end-of-options", `${reference}^{commit}`];
  try {
    return (await execute("git", words)).stdout.trim();
  } catch {
    throw new UsageError(`--against is ${JSON.stringify(reference)}: expected a commit, branch or tag that is here`);
  }
}

async function checkOut(reference: string): Promise<AsyncDisposable & { readonly folder: string }> {
  const commit = await commitOf(reference);
  const parent = await mkdtemp(join(tmpdir(), "slipway-against-"));
  const folder = join(parent, "checkout");
  const remove = async () => {
    await execute("git", ["-C", ROOT, "worktree", "remove", "--force", folder]);
    await rm(parent, { recursive: true });
  };
  await execute("git", ["-C", ROOT, "worktree", "add", "--detach", folder, commit]);
  try {
    for (const instrument of ["bench", "packages/testkit"]) {
      await rm(join(folder, instrument), { recursive: true, force: true });
      await cp(join(ROOT, instrument), join(folder, instrument), { recursive: true, filter: isSource });
    }
    const words = ["-y", "pnpm@12", "install", "--no-frozen-lockfile", "--prefer-offline"];
    await execute("npx", words, { cwd: folder, maxBuffer: 2 ** 26 });
  } catch (error) {
    await remove();
    throw error;
  }
  return { folder, [Symbol.asyncDispose]: remove };
}
