import { randomUUID } from "node:crypto";
import { stderr } from "node:process";

import { interleave, type Timing } from "./interleave.ts";
import type { BenchResult } from "./main.ts";
import { buildBases, generatedApp, layerSizes, slipwayApp, type BuildPhases, type RebuiltApp } from "./rebuild-apps.ts";
import { ratioOf, timingTable } from "./summary.ts";

const ROUNDS = 5;

interface Change {
  readonly what: string;
  readonly file: string;
  readonly comment: readonly [string, string];
}

const CHANGES: readonly Change[] = [
  { what: "one Ruby file", file: "app/models/resume.rb", comment: ["#", ""] },
  { what: "one view", file: "app/views/resumes/index.html.erb", comment: ["<!--", "-->"] },
  { what: "a README", file: "README.md", comment: ["", ""] },
  { what: "one script", file: "app/javascript/application.js", comment: ["//", ""] },
];

/**
 * The example app built again after a small change, with its own Dockerfile and with the one that `rails new` writes, both
 * by `docker buildx build` with warm caches. Needs an engine that reaches Debian, RubyGems and npm.
 */
export async function bench(): Promise<BenchResult> {
  await buildBases();
  await using theirs = await generatedApp();
  await using ours = await slipwayApp();
  const timings: Timing[] = [];
  const figures: Record<string, number> = {};
  for (const change of CHANGES) {
    const [generated, same, next] = await rebuilds(theirs, ours, change, figures);
    timings.push(generated, same, next);
    stderr.write(timingTable([generated, same, next]));
    figures[`${change.what}: rails new / slipway`] = rounded(ratioOf(generated, same));
    figures[`${change.what}: rails new / slipway with a new release`] = rounded(ratioOf(generated, next));
  }
  for (const [name, app] of Object.entries({ "rails new": theirs, slipway: ours })) {
    figures[`one Ruby file, bytes pushed: ${name}`] = await pushedBytes(app);
  }
  return { versions: {}, timings, figures };
}

async function rebuilds(
  theirs: RebuiltApp,
  ours: RebuiltApp,
  { what, file, comment }: Change,
  figures: Record<string, number>,
): Promise<readonly [Timing, Timing, Timing]> {
  const rebuild = (label: string, app: RebuiltApp, release: () => string | undefined) => ({
    name: `${what}: ${label}`,
    prepare: () => app.change(file, comment),
    run: async () => note(`${what}, ${label}`, await app.build(release()), figures),
  });
  const [generated, same, next] = await interleave(
    [
      rebuild("rails new", theirs, () => undefined),
      rebuild("slipway", ours, () => undefined),
      rebuild("slipway, new release", ours, () => randomUUID()),
    ],
    ROUNDS,
  );
  if (generated === undefined || same === undefined || next === undefined) throw new Error("a case was not run");
  return [generated, same, next];
}

/** Keeps where the time of the last run of a case went. */
function note(label: string, { steps, exporting }: BuildPhases, figures: Record<string, number>): void {
  figures[`${label}: ms in steps`] = steps;
  figures[`${label}: ms exporting`] = exporting;
}

/** What a registry that has the image before a change of one Ruby file is sent for the image after it. */
async function pushedBytes(app: RebuiltApp): Promise<number> {
  const before = await layerSizes(app.image);
  await app.change("app/models/resume.rb", ["#", ""]);
  await app.build(randomUUID());
  const added = [...(await layerSizes(app.image))].filter(([digest]) => !before.has(digest));
  return added.reduce((sum, [, size]) => sum + size, 0);
}

function rounded(ratio: number): number {
  return Math.round(ratio * 100) / 100;
}
