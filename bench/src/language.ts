import { parse } from "../../packages/base-image/src/dockerfile/parse/parse.ts";
import { renderDockerfile } from "../../packages/base-image/src/stage/dockerfile.ts";
import { defineImage, type ImageDefinition } from "../../packages/base-image/src/stage/image.ts";
import { cache } from "../../packages/base-image/src/stage/mount.ts";
import { stage, type Stage } from "../../packages/base-image/src/stage/stage.ts";
import { interleave } from "./interleave.ts";
import type { BenchResult } from "./main.ts";
import { spreadOf } from "./summary.ts";

const STAGES = 1000;
const CALLS_PER_STAGE = 20;
const MEGABYTE = 1_000_000;
const ROUNDS = 15;

/**
 * What the language costs: writing 20,000 instructions in 1,000 stages, reading a Dockerfile of 1 MB, and half of each. The
 * medians are of rounds after V8 has compiled the code; the first run is the one that a command line sees.
 */
export async function bench(): Promise<BenchResult> {
  const whole = definitionOf(STAGES);
  const half = definitionOf(STAGES / 2);
  const firstRender = timeOf(() => renderDockerfile(whole));
  const text = textOf(whole, MEGABYTE);
  const firstParse = timeOf(() => parse(text));
  const halfText = textOf(whole, MEGABYTE / 2);
  const timings = await interleave(
    [
      { name: "render 1,000 stages", run: () => void renderDockerfile(whole) },
      { name: "render 500 stages", run: () => void renderDockerfile(half) },
      { name: "parse 1 MB", run: () => void parse(text) },
      { name: "parse 0.5 MB", run: () => void parse(halfText) },
    ],
    ROUNDS,
  );
  const figures = {
    "instructions rendered": whole.stages.reduce((sum, { steps }) => sum + steps.length, 0),
    "characters parsed": text.length,
    "ms to render 1,000 stages (first run)": firstRender,
    "ms to parse 1 MB (first run)": firstParse,
    ...Object.fromEntries(
      timings.map(({ name, samples }) => [`ms to ${name} (median)`, Math.round(spreadOf(samples).median)]),
    ),
  };
  return { versions: {}, timings, figures };
}

function timeOf(run: () => unknown): number {
  const start = performance.now();
  run();
  return Math.round(performance.now() - start);
}

function definitionOf(count: number): ImageDefinition {
  const stages: Stage[] = [];
  for (let index = 0; index < count; index += 1) {
    const below = stages.at(-1);
    let so = stage(`s${index}`, index % 10 === 0 || below === undefined ? "debian:trixie-slim" : below).workdir("/app");
    if (below !== undefined) so = so.copy("/app/out", `/in/${index}`, { from: below });
    while (so.steps.length < CALLS_PER_STAGE) so = addStep(so);
    stages.push(so);
  }
  return defineImage({ name: "bench", stages, variants: Object.fromEntries(stages.map((so) => [so.name, so])) });
}

function addStep(so: Stage): Stage {
  const step = so.steps.length;
  if (step % 4 === 0) return so.env({ [`NAME_${step}`]: `a value with blanks and $ ${step}` });
  if (step % 4 === 1) return so.run(`make target-${step} && make install-${step} && rm -rf /tmp/build-${step}`);
  if (step % 4 === 2) return so.copy([`app/${step}/a b`, `lib/${step}`], "/app/");
  return so.run("bundle install", { mounts: [cache("/var/cache/gems", { sharing: "locked" })] });
}

/** The definition's text, again and again until it is as long as that. */
function textOf(definition: ImageDefinition, length: number): string {
  const { text } = renderDockerfile(definition);
  const whole = text.repeat(Math.ceil(length / text.length));
  return whole.slice(0, whole.lastIndexOf("\nFROM", length) + 1);
}
