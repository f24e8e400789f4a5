import type { SyncOptions } from "../config/options.ts";
import type { SyncListener } from "../events.ts";
import { assetFolders } from "../scan/asset-folders.ts";
import { scan, type Scan } from "../scan/scan.ts";
import type { Store } from "../store/store.ts";
import { requestLedger, type LedgerRequest } from "./ledger-access.ts";
import { checkReceiptPlace } from "./receipt-place.ts";
import { checkPlace } from "./target-place.ts";

/** What a run looks at first. */
export interface Beginning {
  readonly scanned: Scan;
  readonly requested: LedgerRequest;
}

/** Tells what a scan has found. */
export function tellScan({ assets, bytes, skipped, findings }: Scan, emit: SyncListener): void {
  emit({ type: "scanned", files: assets.length, bytes, skipped });
  for (const finding of findings) emit({ type: "finding", ...finding });
}

/**
 * Reads the files of a build while the ledger comes, which is asked for as soon as it is sure that neither target nor
 * receipt are among the files; it is waited for no longer where reading them fails.
 *
 * @throws AssetSyncError as `scan`; ASSET_SYNC_TARGET_INVALID or ASSET_SYNC_OPTION_INVALID before anything is asked
 */
export async function scanBesideLedger(
  options: SyncOptions,
  store: Store,
  signal: AbortSignal | undefined,
): Promise<Beginning> {
  const dirs = await assetFolders(options.publicDir, options.dirs);
  await checkPlace(options.target, options.publicDir, dirs);
  await checkReceiptPlace(options, dirs);
  const requested = requestLedger(store, signal);
  try {
    return { scanned: await scan({ ...options, dirs }, signal), requested };
  } catch (error) {
    requested.abandon();
    throw error;
  }
}
