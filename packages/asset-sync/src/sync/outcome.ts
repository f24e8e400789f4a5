import { count } from "../amounts.ts";
import type { SyncOptions } from "../config/options.ts";
import { AssetSyncError } from "../errors.ts";
import type { SyncSummary } from "../events.ts";
import type { Plan } from "../plan/plan.ts";
import { plannedRequests } from "../plan/request-estimate.ts";
import { bytesSaved } from "../plan/siblings.ts";
import type { Asset } from "../scan/asset.ts";
import type { BegunPuts } from "./begun-puts.ts";

type Outcome = Pick<SyncSummary, "uploaded" | "copied" | "unchanged" | "bytes" | "files" | "bytesSaved">;

/** What a run did to its files; with `dry`, what that plan would do. */
export function outcome(assets: readonly Asset[], begun: BegunPuts, dry: Plan | undefined): Outcome {
  const sent = begun.puts().filter(({ key }) => !begun.unsent.has(key));
  const puts = dry?.puts ?? sent;
  const copied = dry?.copies.length ?? [...begun.unsent.values()].filter((how) => how === "copied").length;
  return {
    uploaded: puts.length,
    copied,
    unchanged: assets.length - puts.length - copied,
    bytes: puts.reduce((sum, put) => sum + put.size, 0),
    files: assets.length,
    bytesSaved: bytesSaved(assets),
  };
}

/**
 * Holds a plan against the most requests that are allowed.
 *
 * @throws AssetSyncError ASSET_SYNC_TOO_MANY_REQUESTS
 */
export function checkRequests(plan: Plan, { maxRequests = Infinity, cloudfront }: SyncOptions): void {
  const planned = plannedRequests(plan, cloudfront !== undefined);
  if (planned <= maxRequests) return;
  const { puts, copies } = plan;
  throw new AssetSyncError(
    "ASSET_SYNC_TOO_MANY_REQUESTS",
    `The plan needs ${planned} requests (${count(puts.length, "file")} to send, ${copies.length} to get other headers): --max-requests allows ${maxRequests}.`,
  );
}
