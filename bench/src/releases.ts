import { randomUUID } from "node:crypto";

import type { Tool } from "./assets/tools.ts";
import { measureUploads, type Uploads } from "./assets/uploads.ts";
import type { BenchCase } from "./interleave.ts";
import type { BenchResult, BenchSettings } from "./result.ts";

const ROUNDS = 6;

/**
 * A tool whose next upload would take it beyond this in a group, in milliseconds, is not run in it again, so that the whole run ends
 * within twenty minutes.
 */
const SHARE_MS = 90_000;

/** Uploads into a bucket that is filled. */
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
  { what: "same release", delay: 0, foreign: 20_000, tools: ["all"] },
  // last: it leaves files in the bucket
  { what: "next release", delay: 20, foreign: 20_000, tools: ["all"] },
];

const GROWN = { what: "same release", delay: 20, tools: ["all", "one"] } as const;

/**
 * The same release again and the next one, with ever more objects of somebody else in the bucket; measured as first uploads are. With
 * `--foreign` only the same release again at 20 ms, beside that many.
 */
export async function bench({ rounds = ROUNDS, foreign, anyway }: BenchSettings): Promise<BenchResult> {
  return measureUploads(anyway, async (uploads) => {
    const bucket = await uploads.workshop.makeBucket();
    let filled = 0;
    for (const later of foreign === undefined ? LATER : [{ ...GROWN, foreign }]) {
      await uploads.workshop.fill(bucket, filled, later.foreign);
      filled = later.foreign;
      await again(uploads, bucket, later, rounds);
    }
  });
}

async function again(uploads: Uploads, bucket: string, later: Later, rounds: number): Promise<void> {
  const { workshop, tree, measure } = uploads;
  const { what, delay, foreign, tools } = later;
  const { prepare, release } = what === "same release" ? await sameBuild(uploads, bucket) : nextBuild(uploads);
  await using proxy = await workshop.startProxy(delay);
  const cases = workshop.tools
    .filter((tool) => tools.includes(tool.later))
    .map((tool): BenchCase => ({
      name: tool.name,
      prepare,
      run: () => workshop.run(tool, proxy, { tree: tree.path, bucket, release: release() }),
    }));
  await measure(`${what}, ${delay} ms, ${foreign.toLocaleString("en")} foreign`, cases, { rounds, shareMs: SHARE_MS });
}

/** What comes before each upload, and as which release it goes. */
interface Build {
  readonly prepare: () => Promise<void> | void;
  readonly release: () => string;
}

/** The same files with new times, as the next build of the same sources makes them. */
async function sameBuild({ workshop, tree }: Uploads, bucket: string): Promise<Build> {
  const release = randomUUID();
  await using proxy = await workshop.startProxy(0);
  const [ours] = workshop.tools;
  if (ours !== undefined) await workshop.run(ours, proxy, { tree: tree.path, bucket, release });
  return { prepare: () => tree.touch(), release: () => release };
}

/** Forty files of 3,000 are others than those of the release before. */
function nextBuild({ tree }: Uploads): Build {
  const prepare = async (): Promise<void> => {
    await tree.change();
    tree.touch();
  };
  return { prepare, release: () => randomUUID() };
}
