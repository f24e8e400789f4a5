import type { Timing } from "./interleave.ts";

/** What was chosen on the command line. */
export interface BenchSettings {
  /** How often each case is measured; each benchmark has a number of its own where none is given. */
  readonly rounds?: number;
  /** How many objects of somebody else the bucket holds (`assets`). */
  readonly foreign?: number;
  /** Go on where a peer is missing; the report says which. */
  readonly anyway: boolean;
}

/** What a benchmark hands back; the frame adds machine, date, revision and Node's version. */
export interface BenchResult {
  readonly versions: Readonly<Record<string, string>>;
  readonly timings: readonly Timing[];
  /** Figures that are not times: bytes, requests, and ratios, which are named `A / B`. */
  readonly figures: Readonly<Record<string, number>>;
  /** What a reader has to know to judge this run, such as a peer that was missing. */
  readonly remarks?: readonly string[];
}

/** A benchmark: one function in one module. */
export type Bench = (settings: BenchSettings) => Promise<BenchResult>;

/** Whether a figure compares two things, or tells how one grows: those are what a second run has to confirm. */
export function isRatio(figure: string): boolean {
  return figure.includes(" / ") || figure.endsWith(": exponent of growth");
}

/** Something keeps figures from being worth what they should: a busy machine, a peer or a server that is missing. */
export class NotReadyError extends Error {}
