import { stderr } from "node:process";

import { bundleProgram } from "../bundle.ts";
import { inGroup, interleave, type BenchCase, type Timing } from "../interleave.ts";
import { programVersions } from "../programs.ts";
import type { BenchResult } from "../result.ts";
import { ratiosToFirst, timingTable } from "../summary.ts";
import { GEMS } from "./gem.ts";
import { PEERS } from "./peers.ts";
import { makeTree, type AssetTree } from "./tree.ts";
import { openWorkshop, type Workshop } from "./workshop.ts";

const FILES = 3_000;

/** How long the cases of a group take turns. */
export interface Rounds {
  readonly rounds: number;
  readonly shareMs: number;
}

/** What uploads are made with, and how they are measured. */
export interface Uploads {
  readonly workshop: Workshop;
  readonly tree: AssetTree;
  /** Measures a group of cases, each between runs of the first, and shows it. */
  readonly measure: (group: string, cases: readonly BenchCase[], rounds: Rounds) => Promise<void>;
}

/** What `work` has measured of uploads of one tree of files. */
export async function measureUploads(anyway: boolean, work: (uploads: Uploads) => Promise<void>): Promise<BenchResult> {
  await bundleProgram("asset-sync");
  await using workshop = await openWorkshop(anyway);
  await using tree = await makeTree(FILES);
  const timings: Timing[] = [];
  const figures: Record<string, number> = {};
  const measure: Uploads["measure"] = async (group, cases, { rounds, shareMs }) => {
    const measured = await interleave(cases, rounds, { shareMs, warmUp: "first", between: true });
    stderr.write(timingTable(inGroup(group, measured)));
    timings.push(...inGroup(group, measured));
    Object.assign(figures, ratiosToFirst(measured, group));
  };
  await work({ workshop, tree, measure });
  const versions = { ...(await programVersions(PEERS, workshop.programs)), ...GEMS };
  return { versions, timings, figures, remarks: workshop.remarks };
}
