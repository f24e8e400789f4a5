import pLimit from "p-limit";

import { AssetSyncError } from "../errors.ts";
import { PHASES, type SyncListener } from "../events.ts";
import type { PlannedPut } from "../plan/plan.ts";
import type { Store } from "../store/store.ts";
import type { BegunPuts } from "./begun-puts.ts";
import { ByteBudget } from "./byte-budget.ts";
import { upload } from "./upload.ts";

/** How many uploads run at once, and how many bytes they may hold together. */
const WINDOW = 32;
const BYTES_IN_FLIGHT = 64 * 1024 * 1024;

/** What the phases of one run share. */
export interface PhaseRun {
  readonly store: Store;
  readonly allowChanged: boolean;
  readonly emit: SyncListener;
  readonly signal: AbortSignal | undefined;
  readonly begun: BegunPuts;
  /** The revision that the ledger has for a key. */
  readonly revisionOf: (key: string) => number | undefined;
}

/**
 * Sends files phase by phase. The first failure lets what is in flight end, begins nothing more, and is thrown: no
 * later phase starts.
 */
export async function runPhases(puts: readonly PlannedPut[], run: PhaseRun): Promise<void> {
  for (const phase of PHASES) {
    const files = puts.filter((put) => put.phase === phase);
    if (files.length === 0) continue;
    run.emit({ type: "phase", phase, files: files.length, bytes: files.reduce((sum, put) => sum + put.size, 0) });
    await runPhase(files, run);
  }
}

async function runPhase(files: readonly PlannedPut[], run: PhaseRun): Promise<void> {
  const limit = pLimit(WINDOW);
  const budget = new ByteBudget(BYTES_IN_FLIGHT);
  const failures: unknown[] = [];
  await Promise.all(
    files.map((put) =>
      limit(() =>
        budget.hold(put.size, async () => {
          if (failures.length > 0 || run.signal?.aborted === true) return;
          try {
            await send(put, run);
          } catch (error) {
            failures.push(error);
          }
        }),
      ),
    ),
  );
  run.signal?.throwIfAborted();
  if (failures.length > 0) throw failures[0];
}

async function send(put: PlannedPut, run: PhaseRun): Promise<void> {
  const { key, size: bytes, phase, reason } = put;
  run.begun.begin(put, run.revisionOf(key));
  const outcome = await upload(run.store, put, run.allowChanged, run.signal).catch((error: unknown) => {
    // After a failure of the store itself nobody knows what it did before.
    if (error instanceof AssetSyncError && error.code !== "ASSET_SYNC_STORE_FAILED") run.begun.refused(key);
    throw error;
  });
  run.begun.arrived(key, outcome === "copied");
  if (outcome === "stored") run.emit({ type: "uploaded", key, bytes, phase, reason });
  else run.emit({ type: outcome, key, bytes, phase });
}
