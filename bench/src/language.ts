import { parse } from "../../packages/base-image/src/dockerfile/parse/parse.ts";
import { lintDefinition } from "../../packages/base-image/src/lint/lint-definition.ts";
import { renderDockerfile } from "../../packages/base-image/src/stage/dockerfile.ts";
import { defineImage, type ImageDefinition } from "../../packages/base-image/src/stage/image.ts";
import { cache } from "../../packages/base-image/src/stage/mount.ts";
import { stage, type Stage } from "../../packages/base-image/src/stage/stage.ts";
import { fitGrowth } from "./fit.ts";
import { inGroup, interleave, type BenchCase, type Timing } from "./interleave.ts";
import type { BenchResult, BenchSettings } from "./result.ts";
import { spreadOf } from "./summary.ts";

const SIZES = [10, 100, 1_000, 10_000, 100_000];
const STEPS_PER_STAGE = 20;
const ROUNDS = 5;

/** A small size is run as often as it takes to handle this many instructions: a clock does not see ten. */
const INSTRUCTIONS_PER_SAMPLE = 2_000;

interface Sample {
  readonly size: number;
  readonly repeats: number;
  readonly definition: ImageDefinition;
  readonly text: string;
}

const WORK: Readonly<Record<string, (sample: Sample) => unknown>> = {
  render: ({ definition }) => renderDockerfile(definition),
  parse: ({ text }) => parse(text),
  check: ({ definition }) => lintDefinition(definition),
};

/**
 * What the language costs: writing, reading and checking 10 to 100,000 instructions in stages of twenty, and how that grows.
 * The times are of one pass after V8 has compiled the code; ShellCheck, which is a program of its own, is left out.
 */
export async function bench({ rounds = ROUNDS }: BenchSettings): Promise<BenchResult> {
  const samples = SIZES.map((size) => sampleOf(size));
  const timings: Timing[] = [];
  const figures: Record<string, number> = {};
  for (const [verb, work] of Object.entries(WORK)) {
    const cases = samples.map((sample): BenchCase => ({
      name: `${sample.size.toLocaleString("en")} instructions`,
      run: async () => {
        for (let pass = 0; pass < sample.repeats; pass += 1) await work(sample);
      },
    }));
    const made = (await interleave(cases, rounds)).map((timing, at) => onePass(timing, samples[at]?.repeats ?? 1));
    timings.push(...inGroup(verb, made));
    Object.assign(figures, growthOf(verb, made));
  }
  return { versions: {}, timings, figures };
}

function sampleOf(size: number): Sample {
  const definition = definitionOf(size);
  const repeats = Math.max(1, INSTRUCTIONS_PER_SAMPLE / size);
  return { size, repeats, definition, text: renderDockerfile(definition).text };
}

function onePass({ name, samples }: Timing, repeats: number): Timing {
  return { name, samples: samples.map((sample) => sample / repeats) };
}

function growthOf(verb: string, timings: readonly Timing[]): Readonly<Record<string, number>> {
  const points = timings.map(({ samples }, at) => ({ size: SIZES[at] ?? 0, time: spreadOf(samples).median }));
  const { exponent, explained } = fitGrowth(points);
  const microseconds = points.map(({ size, time }) => (time * 1_000) / size);
  return {
    [`${verb}: exponent of growth`]: exponent,
    [`${verb}: share of the growth that the fit explains`]: explained,
    [`${verb}: µs per instruction of 100,000`]: microseconds.at(-1) ?? Number.NaN,
    [`${verb}: per instruction, of 100,000 / of 1,000`]: (microseconds[4] ?? 0) / (microseconds[2] ?? 0),
  };
}

/** Stages that are built on each other by tens and copy from the one before; the last needs all. */
function definitionOf(size: number): ImageDefinition {
  const steps = Math.min(size, STEPS_PER_STAGE);
  const stages: Stage[] = [];
  let last: Stage | undefined;
  for (let index = 0; index < size / steps; index += 1) {
    last = stageOf(index, steps, last);
    stages.push(last);
  }
  return defineImage({ name: "bench", stages, variants: last === undefined ? {} : { app: last } });
}

function stageOf(index: number, steps: number, before: Stage | undefined): Stage {
  const base = index % 10 === 0 || before === undefined ? "debian:trixie-slim" : before;
  let made = stage(`s${index}`, base).workdir("/app");
  if (before !== undefined) made = made.copy("/app/out", `/in/${index}`, { from: before });
  while (made.steps.length < steps) made = addStep(made);
  return made;
}

function addStep(made: Stage): Stage {
  const step = made.steps.length;
  if (step % 4 === 0) return made.env({ [`NAME_${step}`]: `a value with blanks and $ ${step}` });
  if (step % 4 === 1) return made.run(`make target-${step} && make install-${step} && rm -rf /tmp/build-${step}`);
  if (step % 4 === 2) return made.copy([`app/${step}/a b`, `lib/${step}`], "/app/");
  return made.run("bundle install", { mounts: [cache("/var/cache/gems", { sharing: "locked" })] });
}
