import type { SyncOptions } from "../config/options.ts";
import { EMPTY_LEDGER } from "../ledger/ledger.ts";
import { scan } from "../scan/scan.ts";
import { Planner } from "./planning.ts";
import { checkPlace } from "./target-place.ts";
import { checkReceiptPlace } from "./receipt-place.ts";
import { removeReceipt, writeReceipt } from "./receipt-file.ts";
import { makeReceipt } from "./receipt.ts";
import { tellScan } from "./scan-beside-ledger.ts";
import type { RunControl } from "./sync.ts";

/** Stands in a receipt for the version of a ledger that nobody has looked at. */
const NOT_LOOKED_AT = "offline";

/**
 * Writes the receipt that a sync of this build would write, without a request: for a build that reaches no network. The
 * files are brought to the target later, from the image; until then `verify` says no.
 */
export async function writeOfflineReceipt(options: SyncOptions, control: RunControl = {}): Promise<void> {
  const emit = control.onEvent ?? (() => undefined);
  if (!options.dryRun) await removeReceipt(options.receipt);
  const scanned = await scan(options, control.signal);
  await checkPlace(options.target, options.publicDir, scanned.folders);
  await checkReceiptPlace(options, scanned.folders);
  tellScan(scanned, emit);
  await using planner = new Planner(options, scanned, emit, control.signal);
  const { assets } = await planner.plan({ ledger: EMPTY_LEDGER, version: undefined });
  if (options.dryRun) return;
  await writeReceipt(options.receipt, makeReceipt(options.release, options.target, NOT_LOOKED_AT, assets));
  emit({ type: "receipt-written", file: options.receipt });
}
