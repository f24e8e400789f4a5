import type { SyncOptions } from "../config/options.ts";
import type { SyncListener } from "../events.ts";
import { LEDGER_KEY } from "../ledger/ledger.ts";
import { assetFolders } from "../scan/asset-folders.ts";
import { scan, type Scan } from "../scan/scan.ts";
import type { Store } from "../store/store.ts";
import { readLedger, readLedgerToWrite, requestLedger, type LedgerRequest, type ReadLedger } from "./ledger-access.ts";
import type { RepairScope } from "./ledger-repair.ts";
import { checkReceiptPlace } from "./receipt-place.ts";
import { checkPlace } from "./target-place.ts";

/** Who looks at files and ledger. */
export interface Looking {
  readonly options: SyncOptions;
  readonly store: Store;
  readonly emit: SyncListener;
  readonly signal: AbortSignal | undefined;
}

/** The files of a build, and the ledger that they are held against. */
export interface Found {
  readonly scanned: Scan;
  readonly read: ReadLedger;
}

/** Tells what a scan has found. */
export function tellScan({ assets, bytes, skipped, findings }: Scan, emit: SyncListener): void {
  emit({ type: "scanned", files: assets.length, bytes, skipped });
  for (const finding of findings) emit({ type: "finding", ...finding });
}

/** What may be needed of a build to make a damaged ledger anew. */
export function repairScope({ folders, assets }: Scan, emit: SyncListener): RepairScope {
  return { folders, keys: assets.map(({ key }) => key), emit };
}

/**
 * Reads the files of a build and the ledger, and tells what they are.
 *
 * @throws AssetSyncError as `scan`, `readLedger` and `readLedgerToWrite`; ASSET_SYNC_TARGET_INVALID or
 * ASSET_SYNC_OPTION_INVALID before anything is asked
 */
export async function scanAndRead({ options, store, emit, signal }: Looking): Promise<Found> {
  const { scanned, requested } = await scanBesideLedger(options, store, signal);
  tellScan(scanned, emit);
  const read = await (options.dryRun
    ? readLedger(store, signal, requested)
    : readLedgerToWrite(store, repairScope(scanned, emit), signal, requested));
  const { files, releases } = read.ledger;
  emit({ type: "ledger-read", key: store.locate(LEDGER_KEY), files: files.size, releases: releases.size });
  return { scanned, read };
}

/**
 * Reads the files of a build while the ledger comes, which is asked for as soon as it is sure that neither target nor
 * receipt are among the files; it is waited for no longer where reading them fails.
 */
async function scanBesideLedger(
  options: SyncOptions,
  store: Store,
  signal: AbortSignal | undefined,
): Promise<{ readonly scanned: Scan; readonly requested: LedgerRequest }> {
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
