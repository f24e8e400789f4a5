import type { S3Location } from "../config/target.ts";
import { parseTarget } from "../config/target.ts";
import type { RequestCounts } from "../events.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { openStore } from "../store/open-store.ts";
import { requestCounter } from "../store/request-counter.ts";
import { orInterruption } from "../sync/interruption.ts";
import { readLedger } from "../sync/ledger-access.ts";
import { readReceipt, type Receipt } from "../sync/receipt.ts";

/** What to verify; `to` and the location win over what the receipt says. */
export interface VerifyOptions extends S3Location {
  readonly receipt: string;
  readonly to?: string;
  readonly signal?: AbortSignal;
}

/** How a receipt compares with a ledger; keys sorted. */
export interface Verification {
  readonly holds: boolean;
  /** Keys that the target does not hold. */
  readonly missing: readonly string[];
  /** Fingerprinted keys that stand for other bytes. */
  readonly different: readonly string[];
  /** Plain files and manifests that another release has replaced since, as their names allow. */
  readonly superseded: readonly string[];
}

/** The last event of a verification. */
export interface VerifySummary extends Verification {
  readonly type: "summary";
  readonly release: string;
  readonly target: string;
  readonly files: number;
  readonly requests: RequestCounts;
}

/**
 * Asks the target's ledger, in one request, whether all that a receipt names is there.
 *
 * @throws AssetSyncError when it cannot be asked; a "no" is an answer, not an error
 */
export async function verify(options: VerifyOptions): Promise<VerifySummary> {
  const receipt = await readReceipt(options.receipt);
  const target = parseTarget(options.to ?? receipt.target, locationOf(options, receipt));
  const counter = requestCounter();
  const store = openStore(target, counter, { configuredEndpoint: "ignored" });
  try {
    const { ledger } = await readLedger(store, options.signal);
    const { release, files } = receipt;
    const count = Object.keys(files).length;
    const verification = compareReceipt(receipt, ledger);
    return { type: "summary", release, target: target.url, files: count, ...verification, requests: counter.counts() };
  } catch (error) {
    throw orInterruption(error, options.signal, `The verification of ${receipt.release}`);
  } finally {
    store.close();
  }
}

/**
 * Compares a receipt with a ledger. Pure. A fingerprinted key must stand for the same bytes; a plain file or manifest
 * keeps its key from release to release, so it only has to be there.
 */
export function compareReceipt(receipt: Receipt, ledger: Ledger): Verification {
  const missing: string[] = [];
  const different: string[] = [];
  const superseded: string[] = [];
  const replaceable = new Set(receipt.replaceable);
  for (const [key, digest] of Object.entries(receipt.files)) {
    const known = ledger.files.get(key);
    if (known === undefined) missing.push(key);
    else if (known.sha256 === digest) continue;
    else if (replaceable.has(key)) superseded.push(key);
    else different.push(key);
  }
  return { holds: missing.length === 0 && different.length === 0, missing, different, superseded };
}

function locationOf(options: VerifyOptions, receipt: Receipt): S3Location {
  const endpoint = options.endpoint ?? receipt.endpoint;
  const region = options.region ?? receipt.region;
  const pathStyle = options.pathStyle ?? receipt.pathStyle;
  return {
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(region === undefined ? {} : { region }),
    ...(pathStyle === undefined ? {} : { pathStyle }),
  };
}
