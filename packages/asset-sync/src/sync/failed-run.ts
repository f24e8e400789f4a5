import { setTimeout as pause } from "node:timers/promises";

import { AssetSyncError, listed } from "../errors.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { correction, type BegunPut } from "../plan/correction.ts";
import { isPlain } from "../plan/plan.ts";
import type { Store } from "../store/store.ts";
import type { BegunPuts } from "./begun-puts.ts";
import { readLedger, recordLedger } from "./ledger-access.ts";

/** Who sends a signal waits ten seconds, as a rule, before nothing can be done any more. */
const DEADLINE_MS = 5_000;
const ATTEMPTS = 8;
const LONGEST_PAUSE_MS = 100;
const NAMED_AT_MOST = 10;

/**
 * Ends a run that failed: the ledger is told what the run has replaced, in a time of its own, and the error says which
 * keys are in doubt when even that fails. With `invalidates`, plain files count as not sent: some cache in front may
 * still have the old ones, and only what a run sends is invalidated. Returns the error to throw.
 */
export async function endFailedRun(
  error: unknown,
  { store, begun, invalidates }: { readonly store: Store; readonly begun: BegunPuts; readonly invalidates: boolean },
): Promise<unknown> {
  const replacing = begun.replacing();
  const correct: Correct = (ledger) => correction(begun.all(), ledger, invalidates ? isPlain : undefined);
  const failure = replacing.length === 0 ? undefined : await correctLedger(store, correct);
  if (!(error instanceof AssetSyncError) || begun.all().length === 0) return error;
  // Code 2 promises that nothing was touched.
  const exitCode = error.exitCode === 2 ? 1 : error.exitCode;
  const doubt = failure === undefined ? "" : doubtText(replacing, failure);
  const hint = failure === undefined ? error.hint : `${error.hint} ${REFRESH}`;
  return new AssetSyncError(error.code, `${error.message}${doubt}`, { hint, exitCode, cause: error });
}

const REFRESH = "The next sync, of whatever release, needs --refresh: it sends plain files and manifests again.";

/** What a ledger lacks to be right. */
type Correct = (ledger: Ledger) => Ledger | undefined;

/** Returns what went wrong, if anything did. */
async function correctLedger(store: Store, correct: Correct): Promise<Error | undefined> {
  const signal = AbortSignal.timeout(DEADLINE_MS);
  try {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const read = await readLedger(store, signal);
      const added = correct(read.ledger);
      if (added === undefined) return undefined;
      if ((await recordLedger(store, read, added, signal)) !== undefined) return undefined;
      await pause(Math.random() * LONGEST_PAUSE_MS, undefined, { signal });
    }
    return new Error("other builds kept writing it");
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function doubtText(replacing: readonly BegunPut[], failure: Error): string {
  const keys = replacing.map(({ put }) => put.key);
  return (
    `\nThe ledger could not be corrected (${failure.message}), so it may name older bytes than those stored for ` +
    `${keys.length} key(s):${listed(keys, NAMED_AT_MOST)}`
  );
}
