import { randomUUID } from "node:crypto";
import { stderr } from "node:process";

import { GEMS } from "./assets/gem.ts";
import { PEERS } from "./assets/peers.ts";
import { makeTree, type AssetTree } from "./assets/tree.ts";
import type { Tool } from "./assets/tools.ts";
import { openWorkshop, type Workshop } from "./assets/workshop.ts";
import { bundleProgram } from "./bundle.ts";
import { inGroup, interleave, type BenchCase, type Timing } from "./interleave.ts";
import type { BenchResult, BenchSettings } from "./result.ts";
import { programVersions } from "./programs.ts";
import { ratiosToFirst, timingTable } from "./summary.ts";

const FILES = 3_000;
const ROUNDS = { first: 5, later: 4 };

/**
 * A tool whose next upload would take it beyond this in a group, in milliseconds, is not run in it again, so that the whole run ends
 * within 20 minutes: it is enough for two rounds of asset_sync, and for three in a bucket that has grown. Ours runs beside each run
 * of another.
 */
const SHARE_MS = { first: 70_000, later: 16_000, grown: 45_000 };

/** Uploads of a bucket that is filled. */
interface Later {
  readonly what: "same release" | "next release";
  /** Milliseconds added to a round trip. */
  readonly delay: number;
  /** Objects of somebody else in the bucket. */
  readonly foreign: number;
  readonly tools: readonly Tool["later"][];
}

const LATER: readonly Later[] = [
  { what: "same release", delay: 20, foreign: 0, tools: ["all"] },
  { what: "same release", delay: 20, foreign: 20_000, tools: ["all", "one"] },
  { what: "next release", delay: 20, foreign: 20_000, tools: ["all"] },
  { what: "same release", delay: 0, foreign: 20_000, tools: ["all"] },
];

const GROWN = { what: "same release", delay: 20, tools: ["all", "one"] } as const;

/**
 * First upload, the same release again and the next one, by this uploader and by what people use instead, against the S3
 * service through one proxy that counts requests and adds 0 and 20 ms to each round trip. With `--foreign` only the same
 * release again at 20 ms, beside that many objects of somebody else.
 */
export async function bench({ rounds, foreign, anyway }: BenchSettings): Promise<BenchResult> {
  await bundleProgram("asset-sync");
  await using workshop = await openWorkshop(anyway);
  await using tree = await makeTree(FILES);
  const run = new Run(workshop, tree, rounds);
  if (foreign === undefined) {
    for (const delay of [0, 20]) await run.firstUploads(delay);
    await run.laterUploads(LATER, SHARE_MS.later);
  } else await run.laterUploads([{ ...GROWN, foreign }], SHARE_MS.grown);
  return {
    versions: { ...(await programVersions(PEERS, workshop.programs)), ...GEMS },
    timings: run.timings,
    figures: run.figures,
    remarks: workshop.remarks,
  };
}

/** What comes before each upload, and as which release it goes. */
interface Build {
  readonly prepare: () => Promise<void> | void;
  readonly release: () => string;
}

/** How long the cases of a group take turns. */
interface Rounds {
  readonly rounds: number;
  readonly shareMs: number;
}

/** One run of the benchmark, and what it has shown so far. */
class Run {
  readonly timings: Timing[] = [];
  readonly figures: Record<string, number> = {};
  readonly #workshop: Workshop;
  readonly #tree: AssetTree;
  readonly #rounds: typeof ROUNDS;

  constructor(workshop: Workshop, tree: AssetTree, rounds: number | undefined) {
    this.#workshop = workshop;
    this.#tree = tree;
    this.#rounds = rounds === undefined ? ROUNDS : { first: rounds, later: rounds };
  }

  /** Each into a bucket of its own that holds nothing; that of the run before is removed, since a server may hold all in memory. */
  async firstUploads(delay: number): Promise<void> {
    await using proxy = await this.#workshop.startProxy(delay);
    let bucket: string | undefined;
    const prepare = async (): Promise<void> => {
      if (bucket !== undefined) await this.#workshop.removeBucket(bucket);
      bucket = await this.#workshop.makeBucket();
      this.#tree.touch();
    };
    const cases = this.#workshop.tools.map((tool): BenchCase => ({
      name: tool.name,
      prepare,
      run: () => this.#workshop.run(tool, proxy, { tree: this.#tree.path, bucket: bucket ?? "", release: "v1" }),
      ...(tool.firstUploads !== undefined && { rounds: tool.firstUploads }),
    }));
    await this.#measure(`first upload, ${delay} ms`, cases, {
      rounds: this.#rounds.first,
      shareMs: SHARE_MS.first,
    });
  }

  /** Into one bucket, with ever more objects of somebody else. */
  async laterUploads(all: readonly Later[], shareMs: number): Promise<void> {
    const bucket = await this.#workshop.makeBucket();
    let filled = 0;
    for (const later of all) {
      await this.#workshop.fill(bucket, filled, later.foreign);
      filled = later.foreign;
      const build = later.what === "same release" ? await this.#sameAgain(bucket) : this.#nextBuild();
      await this.#again(bucket, later, build, shareMs);
    }
  }

  /** The same files with new times, as the next build of the same sources makes them. */
  async #sameAgain(bucket: string): Promise<Build> {
    const release = randomUUID();
    await this.#upload(bucket, release);
    return { prepare: () => this.#tree.touch(), release: () => release };
  }

  /** Forty files of 3,000 are others than those of the release before. */
  #nextBuild(): Build {
    const prepare = async (): Promise<void> => {
      await this.#tree.change();
      this.#tree.touch();
    };
    return { prepare, release: () => randomUUID() };
  }

  async #again(bucket: string, later: Later, { prepare, release }: Build, shareMs: number): Promise<void> {
    const { what, delay, foreign, tools } = later;
    await using proxy = await this.#workshop.startProxy(delay);
    const cases = this.#workshop.tools
      .filter((tool) => tools.includes(tool.later))
      .map((tool): BenchCase => ({
        name: tool.name,
        prepare,
        run: () => this.#workshop.run(tool, proxy, { tree: this.#tree.path, bucket, release: release() }),
      }));
    await this.#measure(`${what}, ${delay} ms, ${foreign.toLocaleString("en")} foreign`, cases, {
      rounds: this.#rounds.later,
      shareMs,
    });
  }

  async #upload(bucket: string, release: string): Promise<void> {
    await using proxy = await this.#workshop.startProxy(0);
    const [ours] = this.#workshop.tools;
    if (ours !== undefined) await this.#workshop.run(ours, proxy, { tree: this.#tree.path, bucket, release });
  }

  async #measure(group: string, cases: readonly BenchCase[], { rounds, shareMs }: Rounds): Promise<void> {
    const timings = await interleave(cases, rounds, { shareMs, warmUp: "first", between: true });
    stderr.write(timingTable(inGroup(group, timings)));
    this.timings.push(...inGroup(group, timings));
    Object.assign(this.figures, ratiosToFirst(timings, group));
  }
}
