import type { SyncListener } from "../events.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { S3Patience } from "../store/attempts.ts";
import type { ReadLedger } from "./ledger-access.ts";
import type { Planned } from "./planning.ts";

/** A ledger, and what is to be done with it. */
export interface Current {
  readonly read: ReadLedger;
  readonly planned: Planned;
}

const PAUSE_MS = 1_000;

/**
 * Waits while a collection deletes what a plan is going to send: what arrived before such a delete would be lost. Ends
 * when the collection does, or, when it was killed, at the time that none of its deletes takes effect after.
 */
export async function afterCollection(
  first: Current,
  { emit, patience, signal }: { emit: SyncListener; patience: S3Patience; signal: AbortSignal | undefined },
  readAgain: () => Promise<Current>,
): Promise<Current> {
  let current = first;
  for (let told = false; ; told = true) {
    const files = collectedNow(current.read.ledger, current.planned, Date.now() / 1000);
    if (files === 0) return current;
    const until = current.read.ledger.collection?.until ?? 0;
    if (!told) emit({ type: "collection-awaited", files, until });
    await patience.pause(PAUSE_MS, signal);
    current = await readAgain();
  }
}

/** How many of the files that are to be sent are being deleted. Pure. */
function collectedNow({ collection }: Ledger, { plan }: Planned, now: number): number {
  if (collection === undefined || collection.keys.length === 0 || now >= collection.until) return 0;
  const keys = new Set(collection.keys);
  return plan.puts.filter(({ key }) => keys.has(key)).length;
}
