import { AssetSyncError } from "../errors.ts";
import { decodeLedger, encodeLedger } from "../ledger/format.ts";
import { EMPTY_LEDGER, LEDGER_KEY, type Ledger } from "../ledger/ledger.ts";
import { sha256 } from "../scan/digest.ts";
import type { PutCondition, Store } from "../store/store.ts";

/** A ledger as it was read: `version` is undefined when there was none. */
export interface ReadLedger {
  readonly ledger: Ledger;
  readonly version: string | undefined;
}

/** The ledger is an archive of its own, not an encoded page: a cache or proxy must not unpack it. */
const HEADERS = { "content-type": "application/zstd", "cache-control": "no-store" } as const;

/** Reads the ledger in one request. */
export async function readLedger(store: Store, signal?: AbortSignal): Promise<ReadLedger> {
  const object = await store.get(LEDGER_KEY, signal);
  if (object === undefined) return { ledger: EMPTY_LEDGER, version: undefined };
  return { ledger: decodeLedger(object.body, store.locate(LEDGER_KEY)), version: object.version };
}

/**
 * As `readLedger`, for a run that is going to write. AWS answers "access denied" for an object that is not there when
 * the role may not list the bucket. Creating an empty ledger on condition that there is none tells the two cases apart
 * without touching anything, so a build role needs neither the right to list nor a ledger made by hand.
 */
export async function readLedgerToWrite(store: Store, signal?: AbortSignal): Promise<ReadLedger> {
  try {
    return await readLedger(store, signal);
  } catch (error) {
    if (!(error instanceof AssetSyncError) || error.code !== "ASSET_SYNC_ACCESS_DENIED") throw error;
    const version = await writeLedger(store, EMPTY_LEDGER, undefined, signal);
    if (version === undefined) throw error;
    return { ledger: EMPTY_LEDGER, version };
  }
}

/** Writes the ledger if it is still the one that was read; undefined when another build was faster. */
export async function writeLedger(
  store: Store,
  ledger: Ledger,
  readVersion: string | undefined,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const body = encodeLedger(ledger);
  const condition: PutCondition =
    readVersion === undefined ? { kind: "absent" } : { kind: "version", version: readVersion };
  const result = await store.put({ key: LEDGER_KEY, body, sha256: sha256(body), headers: HEADERS, condition }, signal);
  return result.outcome === "stored" ? result.version : undefined;
}
