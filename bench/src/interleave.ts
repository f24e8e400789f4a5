import { setImmediate as nextTurn } from "node:timers/promises";

import { goOnUnlessAsked } from "./interruption.ts";

/** What one run showed beside its wall time, such as `CPU s` or `PUT requests`. */
export type Measures = Readonly<Record<string, number>>;

/** One thing that is timed beside others. */
export interface BenchCase {
  readonly name: string;
  /** Puts things back as they were before every run; not timed. */
  readonly prepare?: () => Promise<void> | void;
  readonly run: () => Promise<Measures | void> | Measures | void;
  /** In how many of the rounds it runs, where not in all. */
  readonly rounds?: number;
}

/** How long one case took, in milliseconds of wall time, a run each, in the order of the rounds. */
export interface Timing {
  readonly name: string;
  /** What the case is one of: only cases of one group are compared. */
  readonly group?: string;
  readonly samples: readonly number[];
  /** What the first case took around each sample, where it was put between runs of that: the mean of those before and those after. */
  readonly beside?: readonly number[];
  /** By name, a number for each sample. */
  readonly measures?: Readonly<Record<string, readonly number[]>>;
}

/** How cases take turns. */
export interface Turns {
  /**
   * What is run first and not kept: every case, for what a runtime compiles as it goes; the one that the others are compared
   * with, so that those who run once are not beside its slowest run; or none.
   */
  readonly warmUp?: "all" | "first" | "none";
  /** A case is not run again once its runs would take longer than this, in milliseconds; each is run at least once. */
  readonly shareMs?: number;
  /**
   * Runs the first case not in turn but before and after every run of another one, up to three times after a long one, which is
   * compared with the runs right before and after it: a run at another minute differs by what the machine does meanwhile.
   */
  readonly between?: boolean;
}

/** How many cases are run before what is kept. */
const WARMED = { all: Number.POSITIVE_INFINITY, first: 1, none: 0 };

/** Runs of the first case after another one: until they have had a share of its time, and no more than so many. */
const BESIDE = { share: 0.15, runs: 3 };

/** A case and what its runs have shown. */
interface Lane {
  readonly one: BenchCase;
  readonly samples: number[];
  readonly beside: number[];
  readonly measures: Measures[];
}

/**
 * Runs all cases in turn, round after round, so that what slows the machine down slows all of them down. The order within
 * a round goes forward and backward by turns, so that the n-th samples of two cases are of the same minute.
 */
export async function interleave(
  cases: readonly BenchCase[],
  rounds: number,
  { warmUp = "all", shareMs = Number.POSITIVE_INFINITY, between = false }: Turns = {},
): Promise<readonly Timing[]> {
  const lanes = cases.map((one): Lane => ({ one, samples: [], beside: [], measures: [] }));
  const [first] = lanes;
  if (first === undefined) return [];
  for (const { one } of lanes.slice(0, WARMED[warmUp])) await timeOnce(one);
  let firstMs = between ? await keepRun(first) : 0;
  const turn = async (lane: Lane): Promise<void> => {
    if (spentWithNext(lane.samples) > shareMs || lane.samples.length >= (lane.one.rounds ?? rounds)) return;
    const milliseconds = await keepRun(lane);
    if (!between) return;
    const before = firstMs;
    firstMs = await keepRunsBeside(first, milliseconds);
    lane.beside.push((before + firstMs) / 2);
  };
  const inTurn = between ? lanes.slice(1) : lanes;
  for (let round = 0; round < rounds; round += 1) {
    for (const lane of round % 2 === 0 ? inTurn : inTurn.toReversed()) await turn(lane);
  }
  return lanes.map(timingOf);
}

/** The mean time of the first case right after something that took `besideMs`: a single short run would be a chance. */
async function keepRunsBeside(first: Lane, besideMs: number): Promise<number> {
  let spent = 0;
  let runs = 0;
  do {
    spent += await keepRun(first);
    runs += 1;
  } while (runs < BESIDE.runs && spent < BESIDE.share * besideMs);
  return spent / runs;
}

async function keepRun({ one, samples, measures }: Lane): Promise<number> {
  const { milliseconds, measured } = await timeOnce(one);
  samples.push(milliseconds);
  if (measured !== undefined) measures.push(measured);
  return milliseconds;
}

function timingOf({ one: { name }, samples, beside, measures }: Lane): Timing {
  return {
    name,
    samples,
    ...(beside.length > 0 && { beside }),
    ...(measures.length > 0 && { measures: byName(measures) }),
  };
}

/** The same timings as cases of one group. */
export function inGroup(group: string, timings: readonly Timing[]): readonly Timing[] {
  return timings.map((timing) => ({ ...timing, group }));
}

async function timeOnce(one: BenchCase): Promise<{ milliseconds: number; measured: Measures | undefined }> {
  await listen();
  if (one.prepare !== undefined) {
    await one.prepare();
    await listen();
  }
  const start = performance.now();
  const measured = (await one.run()) ?? undefined;
  return { milliseconds: performance.now() - start, measured };
}

/** A signal is heard between two turns of the loop. */
async function listen(): Promise<void> {
  await nextTurn();
  goOnUnlessAsked();
}

/** The time of the runs so far and of another one that takes as long as the last. */
function spentWithNext(samples: readonly number[]): number {
  return samples.length === 0 ? 0 : samples.reduce((sum, sample) => sum + sample, samples.at(-1) ?? 0);
}

function byName(measures: readonly Measures[]): Readonly<Record<string, readonly number[]>> {
  const names = new Set(measures.flatMap((measured) => Object.keys(measured)));
  return Object.fromEntries([...names].map((name) => [name, measures.map((measured) => measured[name] ?? 0)]));
}
