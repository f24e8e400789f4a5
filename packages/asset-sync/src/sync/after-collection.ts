import type { SyncListener } from "../events.ts";
import { claimedKeys, openClaims } from "../ledger/claims.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { S3Patience } from "../store/attempts.ts";
import type { Store } from "../store/store.ts";
import type { ReadLedger } from "./ledger-access.ts";
import type { Planned } from "./planning.ts";

/** A ledger, and what is to be done with it. */
export interface Current {
  readonly read: ReadLedger;
  readonly planned: Planned;
}

/** Whose clock tells when to go on, and how it is waited until then. */
interface Waiting {
  readonly store: Store;
  readonly emit: SyncListener;
  readonly patience: S3Patience;
  readonly signal: AbortSignal | undefined;
}

const PAUSE_MS = 1_000;

/**
 * Waits while a collection deletes what a plan is going to send: what arrived before such a delete would be lost. Ends
 * when the collection does, or, when it was killed, at the time that none of its deletes takes effect after.
 */
export async function afterCollection(
  first: Current,
  { store, emit, patience, signal }: Waiting,
  readAgain: () => Promise<Current>,
): Promise<Current> {
  let current = first;
  for (let told = false; ; told = true) {
    const { files, until } = collectedNow(current.read.ledger, current.planned, store.now());
    if (files === 0) return current;
    if (!told) emit({ type: "collection-awaited", files, until });
    await patience.pause(PAUSE_MS, signal);
    current = await readAgain();
  }
}

/** How many of the files that are to be sent are being deleted, and until when at most. Pure. */
function collectedNow(
  ledger: Ledger,
  { plan }: Planned,
  now: number,
): { readonly files: number; readonly until: number } {
  const claims = openClaims(ledger, now);
  if (claims.length === 0) return { files: 0, until: 0 };
  const keys = claimedKeys(claims);
  const files = plan.puts.filter(({ key }) => keys.has(key)).length;
  return { files, until: Math.max(...claims.map(({ until }) => until)) };
}
