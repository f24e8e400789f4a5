import { AssetSyncError } from "../errors.ts";

/** What to throw for an error of an interruptible work: an interruption says so, anything else passes unchanged. */
export function orInterruption(error: unknown, signal: AbortSignal | undefined, doing: string): unknown {
  if (signal?.aborted !== true || error instanceof AssetSyncError) return error;
  return new AssetSyncError("ASSET_SYNC_INTERRUPTED", `${doing} was interrupted.`, { cause: error });
}
