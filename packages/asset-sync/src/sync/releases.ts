import type { Target } from "../config/target.ts";
import { isPinned } from "../ledger/ledger.ts";
import { newestFirst } from "../ledger/release-order.ts";
import { openStore } from "../store/open-store.ts";
import { requestCounter } from "../store/request-counter.ts";
import { orInterruption } from "./interruption.ts";
import { readLedger } from "./ledger-access.ts";

/** A release as the ledger knows it. `at` is when it was last recorded, in ISO 8601. */
export interface ReleaseSummary {
  readonly id: string;
  readonly at: string;
  readonly files: number;
  /** Whether it is kept whatever its age. */
  readonly pinned: boolean;
}

/** The releases that a target's ledger knows, newest first. */
export async function releases(
  target: Target,
  control: { readonly signal?: AbortSignal } = {},
): Promise<readonly ReleaseSummary[]> {
  const store = openStore(target, requestCounter());
  try {
    const { ledger } = await readLedger(store, control.signal);
    return newestFirst(ledger).map(([id, release]) => ({
      id,
      at: new Date(release.at * 1000).toISOString(),
      files: release.keys.length,
      pinned: isPinned(release),
    }));
  } catch (error) {
    throw orInterruption(error, control.signal, "Reading the releases");
  } finally {
    store.close();
  }
}
