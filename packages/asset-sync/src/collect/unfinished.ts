import { AssetSyncError, listed } from "../errors.ts";
import type { CollectionPlan } from "./collection-plan.ts";
import type { NotDeleted } from "./delete-objects.ts";

const NAMED_AT_MOST = 5;

/**
 * What to throw for a collection that has changed the ledger and could not do the rest. Never exit code 2, which promises
 * that nothing was touched. Pure.
 *
 * @param notEnded why the ledger could not be told that the deletes are over, if it could not
 */
export function unfinished(plan: CollectionPlan, { kept, failure }: NotDeleted, notEnded: unknown): unknown {
  const cause = failure ?? notEnded;
  const left = kept.length === 0 ? `All ${count(plan)} objects are deleted.` : keptText(plan, kept);
  const outlook =
    kept.length === 0
      ? "builds that need one of them again wait, up to 20 minutes, since it does not know that the deletes are over."
      : "the next collection deletes what is left.";
  const message = `${left}\nThe ledger has forgotten ${plan.dropped.length} release(s); ${outlook}`;
  if (cause === undefined) return new AssetSyncError("ASSET_SYNC_DELETES_FAILED", message);
  if (!(cause instanceof AssetSyncError)) return cause;
  const { exitCode } = cause;
  return new AssetSyncError(
    kept.length > 0 && exitCode === 2 ? "ASSET_SYNC_DELETES_FAILED" : cause.code,
    `${cause.message}\n${message}`,
    {
      // Whether a role may delete is what the remedy for deletes is about.
      ...(cause.code === "ASSET_SYNC_ACCESS_DENIED" ? {} : { hint: cause.hint }),
      exitCode: exitCode === 2 ? 1 : exitCode,
      cause,
    },
  );
}

function count({ keys, leftOver }: CollectionPlan): number {
  return keys.length + leftOver.length;
}

function keptText(plan: CollectionPlan, kept: NotDeleted["kept"]): string {
  const lines = kept.map(({ key, reason }) => `${key}: ${reason}`);
  return `${kept.length} of ${count(plan)} objects are not known to be deleted:${listed(lines, NAMED_AT_MOST)}`;
}
