import { execFile } from "node:child_process";
import { stderr } from "node:process";
import { promisify } from "node:util";

import { lookUpServices } from "@slipway/testkit";

import { bundleProgram } from "./bundle.ts";
import { nameBases, type Bases } from "./image/bases.ts";
import { pushedMegabytes, sizeFigures, sizesOf, type LayerReport } from "./image/sizes.ts";
import { generatedApp, oldApp, slipwayApp, type Change, type Subject } from "./image/subjects.ts";
import { inGroup, interleave, type BenchCase, type Timing, type Turns } from "./interleave.ts";
import { NotReadyError, type BenchResult, type BenchSettings } from "./result.ts";
import { ratiosToFirst, timingTable } from "./summary.ts";

const ROUNDS = 3;

/** Nothing is warmed up, and what takes long is built less often, so that the whole run ends within 20 minutes. */
const TURNS: Turns = { warmUp: "none", shareMs: 45_000 };
const ONCE: Turns = { warmUp: "none", shareMs: 0 };

const RUBY_FILE: Change = { what: "one Ruby file", file: "app/models/resume.rb", comment: "# …" };
const SCRIPT: Change = { what: "one JavaScript file", file: "app/javascript/application.js", comment: "// …" };
const GEM: Change = { what: "one gem more", file: "Gemfile", comment: "# …", gem: "rainbow" };

/**
 * The example app as an image three ways: on Slipway's base images, by the Dockerfile that `rails new` writes, and on one image
 * for everything as teams wrote it in 2020. What each holds, what a cold build takes, and what a build takes after a small
 * change. Needs an engine that reaches Debian, RubyGems and npm.
 */
export async function bench({ rounds = ROUNDS }: BenchSettings): Promise<BenchResult> {
  const docker = lookUpServices("docker");
  if (!docker.available) throw new NotReadyError(`bench image ${docker.reason}`);
  await bundleProgram("asset-sync");
  await bundleProgram("entrypoint");
  await using bases = nameBases();
  const run = new Run(rounds);
  await run.buildBases(bases);
  await using ours = await slipwayApp(bases);
  await using generated = await generatedApp(bases);
  await using old = await oldApp(bases);
  const subjects = [ours, generated, old];
  await run.measure(
    "cold build of the app",
    subjects.map((one) => caseOf(one, { cold: true })),
    ONCE,
  );
  await run.measureSizes(bases, subjects);
  await run.measure(
    "nothing changed",
    subjects.map((one) => caseOf(one)),
  );
  await run.rebuild(RUBY_FILE, subjects);
  await run.measurePush(RUBY_FILE);
  await run.rebuild(SCRIPT, subjects);
  // Once: what two gems cost says no more than what one does.
  await run.rebuild(GEM, subjects, ONCE);
  return { versions: await versions(), timings: run.timings, figures: run.figures };
}

/** One run of the benchmark, and what it has shown so far. */
class Run {
  readonly timings: Timing[] = [];
  readonly figures: Record<string, number> = {};
  readonly #rounds: number;
  /** The layers of the apps as a cold build made them; not of the one in the style of 2020, whose gigabytes take minutes to save. */
  readonly #built = new Map<Subject, LayerReport>();

  constructor(rounds: number) {
    this.#rounds = rounds;
  }

  async buildBases(bases: Bases): Promise<void> {
    const ours = async (): Promise<void> => {
      await bases.build("runtime");
      await bases.build("builder");
    };
    const cases = [
      { name: "Slipway, runtime and builder", run: ours },
      { name: "2020 style", run: () => bases.buildOld() },
    ];
    await this.measure("cold build of the base", cases, ONCE);
    await bases.build("pdf");
  }

  async rebuild(change: Change, subjects: readonly Subject[], turns: Turns = TURNS): Promise<void> {
    const cases = subjects.map((one): BenchCase => ({ ...caseOf(one), prepare: () => one.change(change) }));
    await this.measure(change.what, cases, turns);
  }

  async measure(group: string, cases: readonly BenchCase[], turns: Turns = TURNS): Promise<void> {
    const timings = inGroup(group, await interleave(cases, this.#rounds, turns));
    stderr.write(timingTable(timings));
    this.timings.push(...timings);
    Object.assign(this.figures, ratiosToFirst(timings, group));
  }

  async measureSizes(bases: Bases, [ours, generated]: readonly Subject[]): Promise<void> {
    const [old, runtime] = [await sizesOf(bases.old), await sizesOf(bases.runtime)];
    Object.assign(this.figures, sizeFigures("2020 style, base", old), sizeFigures("Slipway, runtime", runtime));
    this.figures["base, unpacked: 2020 style / Slipway runtime"] = old.tarBytes / runtime.tarBytes;
    this.figures["base, to pull: 2020 style / Slipway runtime"] = old.blobBytes / runtime.blobBytes;
    const pdf = await sizesOf(bases.pdf);
    Object.assign(this.figures, sizeFigures("Slipway, pdf", pdf));
    this.figures["base and pdf, unpacked: 2020 style / Slipway runtime and pdf"] =
      old.tarBytes / (runtime.tarBytes + pdf.tarBytes);
    for (const one of [ours, generated]) {
      if (one === undefined) continue;
      const report = await sizesOf(one.image);
      this.#built.set(one, report);
      Object.assign(this.figures, sizeFigures(`${one.name}, app`, report));
    }
    const [app, theirs] = [...this.#built.values()];
    if (app === undefined || theirs === undefined) return;
    this.figures["app, unpacked: rails new / Slipway"] = theirs.tarBytes / app.tarBytes;
    this.figures["app, to pull: rails new / Slipway"] = theirs.blobBytes / app.blobBytes;
  }

  /** What a registry that has the images whose sizes were taken is sent for those after a change. */
  async measurePush({ what }: Change): Promise<void> {
    for (const [{ name, image }, before] of this.#built) {
      this.figures[`${what}, MB to push: ${name}`] = pushedMegabytes(before, await sizesOf(image));
    }
  }
}

function caseOf(one: Subject, options = { cold: false }): BenchCase {
  return { name: one.name, run: () => one.build(options) };
}

async function versions(): Promise<Readonly<Record<string, string>>> {
  const execute = promisify(execFile);
  const engine = await execute("docker", ["version", "--format", "{{.Server.Version}}"]);
  const buildx = await execute("docker", ["buildx", "version"]);
  return { docker: engine.stdout.trim(), buildx: /v?\d+\.\d+\.\d+/.exec(buildx.stdout)?.[0] ?? "" };
}
