import { AssetSyncError } from "../errors.ts";
import { decodeLedger, encodeLedger } from "../ledger/format.ts";
import { EMPTY_LEDGER, LEDGER_KEY, type Conditions, type Ledger } from "../ledger/ledger.ts";
import { merge } from "../ledger/merge.ts";
import { sha256 } from "../scan/digest.ts";
import { OversizeError } from "../store/oversize.ts";
import type { PutCondition, PutResult, Store, StoredObject } from "../store/store.ts";
import { probeConditions } from "./conditions.ts";
import { readEntries, writeEntry } from "./ledger-entries.ts";
import { LEDGER_HEADERS } from "./ledger-headers.ts";
import { repairLedger, type RepairScope } from "./ledger-repair.ts";

/** A ledger as it was read: `version` is undefined when there was none. */
export interface ReadLedger {
  readonly ledger: Ledger;
  readonly version: string | undefined;
}

/** A ledger that was asked for, to be read when it is needed. */
export interface LedgerRequest {
  readonly object: Promise<StoredObject | undefined>;
  /** Ends the request where nobody will need it. */
  abandon(): void;
}

/** Asks for the ledger, so that it comes while something else is done. What goes wrong is thrown when it is read. */
export function requestLedger(store: Store, signal?: AbortSignal): LedgerRequest {
  const stop = new AbortController();
  const object = fetchLedger(store, signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]));
  object.catch(() => undefined);
  return { object, abandon: () => stop.abort() };
}

/** The most bytes of a ledger that are read; 50,000 keys in 20 releases have less than 4 MB. */
export const STORED_AT_MOST: number = 64 * 2 ** 20;

/**
 * Reads the ledger in one request; where the endpoint ignores conditions, in one more for a listing and one for each
 * run that has written since.
 *
 * @throws AssetSyncError ASSET_SYNC_LEDGER_DAMAGED or ASSET_SYNC_LEDGER_UNKNOWN
 */
export async function readLedger(
  store: Store,
  signal?: AbortSignal,
  requested: LedgerRequest = requestLedger(store, signal),
): Promise<ReadLedger> {
  const object = await requested.object;
  return object === undefined ? { ledger: EMPTY_LEDGER, version: undefined } : decode(store, object, signal);
}

/**
 * As `readLedger`, for a run that is going to write. AWS answers "access denied" for an object that is not there when
 * the role may not list the bucket. Creating an empty ledger on condition that there is none tells the two cases apart
 * without touching anything, so a build role needs neither the right to list nor a ledger made by hand. A damaged ledger
 * is set aside and made anew.
 */
export async function readLedgerToWrite(
  store: Store,
  scope: RepairScope,
  signal?: AbortSignal,
  requested: LedgerRequest = requestLedger(store, signal),
): Promise<ReadLedger> {
  const object = await requested.object.catch(async (error: unknown) => {
    if (!(error instanceof AssetSyncError) || error.code !== "ASSET_SYNC_ACCESS_DENIED") throw error;
    const created = await putLedger(store, EMPTY_LEDGER, { kind: "absent" }, signal);
    if (created.outcome !== "stored") throw error;
    return { created: created.version };
  });
  if (object === undefined) return { ledger: EMPTY_LEDGER, version: undefined };
  if ("created" in object) return { ledger: EMPTY_LEDGER, version: object.created };
  try {
    return await decode(store, object, signal);
  } catch (error) {
    if (!(error instanceof AssetSyncError) || error.code !== "ASSET_SYNC_LEDGER_DAMAGED") throw error;
    const damaged = { body: object.body, key: LEDGER_KEY, reason: error.message };
    return { ledger: await repairLedger(store, damaged, scope, signal), version: object.version };
  }
}

/**
 * Writes what `added` says into the ledger, if it is still the one that was read. Returns the new version; undefined when
 * another run was faster and everything has to be looked at again.
 */
export async function recordLedger(
  store: Store,
  { ledger, version }: ReadLedger,
  added: Ledger,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const conditions = ledger.conditions ?? (await foundConditions(store, signal));
  if (conditions === "ignored") return writeEntry(store, ledger, added, signal);
  const next = merge(ledger, conditions === undefined ? added : { ...added, conditions });
  const condition: PutCondition = version === undefined ? { kind: "absent" } : { kind: "version", version };
  const result = await putLedger(store, next, condition, signal);
  return result.outcome === "stored" ? result.version : undefined;
}

/**
 * Writes a ledger that says less than the one that was read, on condition that nobody has written it since. Only for
 * endpoints that keep to conditions. Returns the new version; undefined when somebody has.
 */
export async function replaceLedger(
  store: Store,
  version: string,
  next: Ledger,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const result = await putLedger(store, next, { kind: "version", version }, signal);
  return result.outcome === "stored" ? result.version : undefined;
}

/** Asks only an endpoint of which it is not known. */
async function foundConditions(store: Store, signal: AbortSignal | undefined): Promise<Conditions | undefined> {
  return store.conditions() === "kept" ? undefined : probeConditions(store, signal);
}

async function decode(store: Store, object: StoredObject, signal: AbortSignal | undefined): Promise<ReadLedger> {
  const base = decodeLedger(object.body, store.locate(LEDGER_KEY));
  const ledger = base.conditions === "ignored" ? await readEntries(store, base, signal) : base;
  return { ledger, version: object.version };
}

async function fetchLedger(store: Store, signal: AbortSignal | undefined): Promise<StoredObject | undefined> {
  try {
    return await store.get(LEDGER_KEY, signal, STORED_AT_MOST);
  } catch (error) {
    if (!(error instanceof OversizeError)) throw error;
    throw new AssetSyncError(
      "ASSET_SYNC_LEDGER_DAMAGED",
      `Ledger ${store.locate(LEDGER_KEY)} cannot be read: ${error.message}.`,
      { hint: "This is no ledger: move the object away. The next sync compares what it sends with what is there." },
    );
  }
}

async function putLedger(
  store: Store,
  ledger: Ledger,
  condition: PutCondition,
  signal: AbortSignal | undefined,
): Promise<PutResult> {
  const body = await encodeLedger(ledger);
  return store.put({ key: LEDGER_KEY, body, sha256: sha256(body), headers: LEDGER_HEADERS, condition }, signal);
}

/** What to say when others kept writing the ledger until the attempts were used up. */
export function ledgerContended(store: Store, attempts: number): AssetSyncError {
  return new AssetSyncError(
    "ASSET_SYNC_LEDGER_CONTENDED",
    `Ledger ${store.locate(LEDGER_KEY)} was written by others ${attempts} times in a row.`,
  );
}

/** What to say of a ledger whose writes are refused although nobody else writes it. */
export function noConditionalWrites(store: Store): AssetSyncError {
  return new AssetSyncError(
    "ASSET_SYNC_STORE_FAILED",
    `Writing ${store.locate(LEDGER_KEY)} is refused as if another build had written it, but it has not changed.`,
    {
      hint: "The endpoint does not seem to support conditional writes (If-Match, If-None-Match), which the ledger needs.",
    },
  );
}
