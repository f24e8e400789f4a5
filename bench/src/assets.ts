import { randomUUID } from "node:crypto";
import { stderr } from "node:process";

import { GEMS } from "./assets/gem.ts";
import { PEERS } from "./assets/peers.ts";
import { makeTree, type AssetTree } from "./assets/tree.ts";
import { openWorkshop, type Workshop } from "./assets/workshop.ts";
import { bundleProgram } from "./bundle.ts";
import { inGroup, interleave, type BenchCase, type Timing } from "./interleave.ts";
import type { BenchResult, BenchSettings } from "./result.ts";
import { programVersions } from "./programs.ts";
import { ratiosToFirst, timingTable } from "./summary.ts";

const FILES = 3_000;
const ROUNDS = 7;

/**
 * A tool that has had this long in a group is not run in it again, so that the whole run ends within 20 minutes. In a bucket
 * that has grown asset_sync has three rounds: one pair is no median.
 */
const SHARE_MS = { first: 20_000, later: 12_000, grown: 45_000 };

/** What is measured later, by the milliseconds added to a round trip and the objects of somebody else. */
const LATER = [
  { foreign: 0, delay: 20, what: ["same"] },
  { foreign: 20_000, delay: 20, what: ["same", "next"] },
  { foreign: 20_000, delay: 0, what: ["same"] },
] as const;

/**
 * First upload, the same release again and the next one, by this uploader and by what people use instead, against the S3
 * service through one proxy that counts requests and adds 0 and 20 ms to each round trip. With `--foreign` only the same
 * release again at 20 ms, beside that many objects of somebody else.
 */
export async function bench({ rounds = ROUNDS, foreign, anyway }: BenchSettings): Promise<BenchResult> {
  await bundleProgram("asset-sync");
  await using workshop = await openWorkshop(anyway);
  await using tree = await makeTree(FILES);
  const run = new Run(workshop, tree, rounds);
  if (foreign === undefined) {
    for (const delay of [0, 20]) await run.firstUploads(delay);
    await run.laterUploads();
  } else await run.sameAgain(await run.filledBucket(foreign), 20, foreign, SHARE_MS.grown);
  return {
    versions: { ...(await programVersions(PEERS, workshop.programs)), ...GEMS },
    timings: run.timings,
    figures: run.figures,
    remarks: workshop.remarks,
  };
}

/** What comes before each upload of a bucket that is filled, as which release it goes, and how long a tool may take in all. */
interface Again {
  readonly prepare: () => Promise<void>;
  readonly release: () => string;
  readonly shareMs: number;
}

/** One run of the benchmark, and what it has shown so far. */
class Run {
  readonly timings: Timing[] = [];
  readonly figures: Record<string, number> = {};
  readonly #workshop: Workshop;
  readonly #tree: AssetTree;
  readonly #rounds: number;

  constructor(workshop: Workshop, tree: AssetTree, rounds: number) {
    this.#workshop = workshop;
    this.#tree = tree;
    this.#rounds = rounds;
  }

  /** Each into a bucket of its own that holds nothing. */
  async firstUploads(delay: number): Promise<void> {
    await using proxy = await this.#workshop.startProxy(delay);
    const cases = this.#workshop.tools.map((tool): BenchCase => {
      let bucket = "";
      return {
        name: tool.name,
        prepare: async () => void (bucket = await this.#workshop.makeBucket()),
        run: () => this.#workshop.run(tool, proxy, { tree: this.#tree.path, bucket, release: "v1" }),
      };
    });
    await this.#measure(`first upload, ${delay} ms`, cases, SHARE_MS.first);
  }

  async laterUploads(): Promise<void> {
    const bucket = await this.filledBucket(0);
    let filled = 0;
    for (const { foreign, delay, what } of LATER) {
      await this.#workshop.fill(bucket, filled, foreign);
      filled = foreign;
      for (const one of what) {
        if (one === "same") await this.sameAgain(bucket, delay, foreign);
        else await this.#nextRelease(bucket, delay, foreign);
      }
    }
  }

  /** A bucket that holds the release and objects of somebody else. */
  async filledBucket(foreign: number): Promise<string> {
    const bucket = await this.#workshop.makeBucket();
    await this.#workshop.fill(bucket, 0, foreign);
    return bucket;
  }

  /** The same files with new times, as the next build of the same sources makes them. */
  async sameAgain(bucket: string, delay: number, foreign: number, shareMs = SHARE_MS.later): Promise<void> {
    const release = randomUUID();
    await this.#upload(bucket, release);
    const group = `same release, ${delay} ms, ${foreign.toLocaleString("en")} foreign`;
    const next = { prepare: () => this.#tree.touch(), release: () => release, shareMs };
    await this.#again(group, bucket, delay, next);
  }

  /** Forty files of 3,000 are others than those of the release before. */
  async #nextRelease(bucket: string, delay: number, foreign: number): Promise<void> {
    await this.#again(`next release, ${delay} ms, ${foreign.toLocaleString("en")} foreign`, bucket, delay, {
      prepare: async () => {
        await this.#tree.change();
        await this.#tree.touch();
      },
      release: () => randomUUID(),
      shareMs: SHARE_MS.later,
    });
  }

  async #again(group: string, bucket: string, delay: number, { prepare, release, shareMs }: Again): Promise<void> {
    await using proxy = await this.#workshop.startProxy(delay);
    const cases = this.#workshop.tools
      .filter(({ looks }) => looks)
      .map((tool): BenchCase => ({
        name: tool.name,
        prepare,
        run: () => this.#workshop.run(tool, proxy, { tree: this.#tree.path, bucket, release: release() }),
      }));
    await this.#measure(group, cases, shareMs);
  }

  async #upload(bucket: string, release: string): Promise<void> {
    await using proxy = await this.#workshop.startProxy(0);
    const [ours] = this.#workshop.tools;
    if (ours !== undefined) await this.#workshop.run(ours, proxy, { tree: this.#tree.path, bucket, release });
  }

  async #measure(group: string, cases: readonly BenchCase[], shareMs: number): Promise<void> {
    const timings = await interleave(cases, this.#rounds, { warmUp: "first", shareMs });
    stderr.write(timingTable(inGroup(group, timings)));
    this.timings.push(...inGroup(group, timings));
    Object.assign(this.figures, ratiosToFirst(timings, group));
  }
}
