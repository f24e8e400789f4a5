/** One thing that is timed beside others. */
export interface BenchCase {
  readonly name: string;
  /** Puts things back as they were before every run; not timed. */
  readonly prepare?: () => Promise<void> | void;
  readonly run: () => Promise<void> | void;
}

/** How long one case took, in milliseconds of wall time, a run each, in the order of the rounds. */
export interface Timing {
  readonly name: string;
  readonly samples: readonly number[];
}

/**
 * Runs all cases in turn, round after round, so that what slows the machine down slows all of them down. The order
 * within a round goes forward and backward by turns; the first round warms up and is not kept.
 */
export async function interleave(cases: readonly BenchCase[], rounds: number): Promise<readonly Timing[]> {
  const samples = new Map<string, number[]>(cases.map(({ name }) => [name, []]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const one of round % 2 === 0 ? cases : cases.toReversed()) {
      const milliseconds = await timeOnce(one);
      if (round > 0) samples.get(one.name)?.push(milliseconds);
    }
  }
  return cases.map(({ name }) => ({ name, samples: samples.get(name) ?? [] }));
}

async function timeOnce(one: BenchCase): Promise<number> {
  await one.prepare?.();
  const start = performance.now();
  await one.run();
  return performance.now() - start;
}
