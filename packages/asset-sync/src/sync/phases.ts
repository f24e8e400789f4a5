import { count } from "../amounts.ts";
import { AssetSyncError } from "../errors.ts";
import { PHASES, type SyncListener } from "../events.ts";
import type { PlannedPut } from "../plan/plan.ts";
import type { ObjectAttributes, Store } from "../store/store.ts";
import type { BegunPuts } from "./begun-puts.ts";
import { heldBytes } from "./file-body.ts";
import type { Gate } from "./gate.ts";
import { upload } from "./upload.ts";

/** What the phases of one run share. */
export interface PhaseRun {
  readonly store: Store;
  readonly allowChanged: boolean;
  readonly attributes: ObjectAttributes;
  readonly gate: Gate;
  readonly emit: SyncListener;
  readonly signal: AbortSignal | undefined;
  readonly begun: BegunPuts;
  /** How the ledger stands to a key. */
  readonly standing: (key: string) => number;
}

/**
 * Sends the files that have not arrived, phase by phase. The first failure lets what is in flight end, begins nothing more,
 * and is thrown: no later phase starts.
 */
export async function runPhases(puts: readonly PlannedPut[], run: PhaseRun): Promise<void> {
  for (const phase of PHASES) {
    const files = puts.filter((put) => put.phase === phase && !hasArrived(put, run));
    if (files.length === 0) continue;
    run.emit({ type: "phase", phase, files: files.length, bytes: files.reduce((sum, put) => sum + put.size, 0) });
    await runPhase(files, run);
    if (run.signal?.aborted === true) throw interrupted(puts, run, run.signal);
  }
}

function hasArrived({ key }: PlannedPut, { begun, standing }: PhaseRun): boolean {
  return begun.hasArrived(key, standing(key));
}

/** Says what is left of an interrupted run. */
function interrupted(puts: readonly PlannedPut[], run: PhaseRun, signal: AbortSignal): AssetSyncError {
  const left = puts.filter((put) => !hasArrived(put, run));
  const first = left[0] === undefined ? "" : `, the first of them ${left[0].key}`;
  const sent = puts.length - left.length;
  const message = `The sync was interrupted after ${sent} of ${count(puts.length, "file")}; ${left.length} to go${first}.`;
  return new AssetSyncError("ASSET_SYNC_INTERRUPTED", message, { cause: signal.reason });
}

async function runPhase(files: readonly PlannedPut[], run: PhaseRun): Promise<void> {
  const failures: unknown[] = [];
  const work = async (put: PlannedPut): Promise<void> => {
    try {
      await send(put, run);
      run.gate.note("success");
    } catch (error) {
      failures.push(error);
    }
  };
  await run.gate.each(files, heldBytes, work, () => failures.length > 0 || run.signal?.aborted === true);
  if (failures.length > 0 && run.signal?.aborted !== true) throw failures[0];
}

async function send(put: PlannedPut, run: PhaseRun): Promise<void> {
  const { key, size: bytes, phase, reason } = put;
  run.begun.begin(put, run.standing(key));
  const outcome = await upload(put, run).catch((error: unknown) => {
    // After a failure of the store itself nobody knows what it did before.
    if (error instanceof AssetSyncError && error.code !== "ASSET_SYNC_STORE_FAILED") run.begun.refused(key);
    throw error;
  });
  run.begun.arrived(key, outcome);
  if (outcome === "stored") run.emit({ type: "uploaded", key, bytes, phase, reason });
  else run.emit({ type: outcome, key, bytes, phase });
}
