import type { Tool } from "./assets/tools.ts";
import { measureUploads, type Uploads } from "./assets/uploads.ts";
import type { BenchCase } from "./interleave.ts";
import type { BenchResult, BenchSettings } from "./result.ts";

const ROUNDS = 9;

/**
 * A tool whose next upload would take it beyond this at one delay, in milliseconds, is not run again, so that the whole run ends within
 * twenty minutes: that is one run of what sends one file after the other, where each takes a round trip.
 */
const SHARE_MS = 100_000;

/**
 * The first upload of a release, by this uploader and by what people use instead, against the S3 service through one proxy that counts
 * requests and adds 0 and 20 ms to each round trip.
 */
export async function bench({ rounds = ROUNDS, anyway }: BenchSettings): Promise<BenchResult> {
  return measureUploads(anyway, async (uploads) => {
    for (const delay of [0, 20]) await firstUploads(uploads, delay, rounds);
  });
}

/** Each into a bucket of its own that holds nothing; that of the run before is removed, since a server may hold all in memory. */
async function firstUploads({ workshop, tree, measure }: Uploads, delay: number, rounds: number): Promise<void> {
  await using proxy = await workshop.startProxy(delay);
  let bucket: string | undefined;
  const prepare = async (): Promise<void> => {
    if (bucket !== undefined) await workshop.removeBucket(bucket);
    bucket = await workshop.makeBucket();
    tree.touch();
  };
  const caseOf = (tool: Tool): BenchCase => ({
    name: tool.name,
    prepare,
    run: () => workshop.run(tool, proxy, { tree: tree.path, bucket: bucket ?? "", release: "v1" }),
    ...(tool.firstUploads !== undefined && { rounds: tool.firstUploads }),
  });
  await measure(`first upload, ${delay} ms`, workshop.tools.map(caseOf), { rounds, shareMs: SHARE_MS });
}
