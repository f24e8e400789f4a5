import { AssetSyncError, listed } from "../errors.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { CollectionPlan } from "./collection-plan.ts";

const NAMED_AT_MOST = 5;

/**
 * Why nobody can want a collection: ASSET_SYNC_COLLECTION_REFUSED or ASSET_SYNC_TOO_MANY_DELETES; undefined for one that may
 * be carried out. Pure.
 */
export function refusalOf(
  plan: CollectionPlan,
  ledger: Ledger,
  maxDelete: number,
  place: string,
): AssetSyncError | undefined {
  const { keys, leftOver, newest, left } = plan;
  const deletes = keys.length + leftOver.length;
  if (ledger.conditions === "ignored") return conditionsIgnored(place);
  if (newest !== undefined && newest.missing.length > 0) return incomplete(newest, place);
  if (keys.length > 0 && left === 0) return refused(`The collection would leave no file at ${place}.`);
  if (deletes <= maxDelete) return undefined;
  const earlier = leftOver.length === 0 ? "" : ` (${leftOver.length} of them left over by an earlier collection)`;
  return new AssetSyncError(
    "ASSET_SYNC_TOO_MANY_DELETES",
    `The collection would delete ${deletes} files of ${ledger.files.size + leftOver.length}${earlier}; --max-delete allows ${maxDelete}.`,
  );
}

/** Nothing can be deleted safely where the ledger cannot be written on condition. */
export function conditionsIgnored(place: string): AssetSyncError {
  return refused(
    `The endpoint of ${place} ignores the conditions of writes, so a build could need again what is being deleted.`,
    "Collect at an endpoint that keeps to If-Match and If-None-Match; AWS and Ceph do.",
  );
}

function incomplete({ release, missing }: NonNullable<CollectionPlan["newest"]>, place: string): AssetSyncError {
  return refused(
    `The newest release, ${release}, is incomplete: ${missing.length} of its files are not at ${place} as the ledger says:${listed(missing, NAMED_AT_MOST)}`,
  );
}

function refused(message: string, hint?: string): AssetSyncError {
  return new AssetSyncError("ASSET_SYNC_COLLECTION_REFUSED", message, hint === undefined ? {} : { hint });
}
