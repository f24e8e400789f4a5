import type { S3Location } from "../config/target.ts";
import { checkLocation, parseTarget } from "../config/target.ts";
import { AssetSyncError } from "../errors.ts";
import type { RequestCounts } from "../events.ts";
import { EMPTY_LEDGER, type Ledger } from "../ledger/ledger.ts";
import { openStore } from "../store/open-store.ts";
import { requestCounter } from "../store/request-counter.ts";
import type { Store } from "../store/store.ts";
import { orInterruption } from "../sync/interruption.ts";
import { readLedger } from "../sync/ledger-access.ts";
import { readReceipt, type Receipt } from "../sync/receipt.ts";
import { findStored } from "./stored.ts";
import { compareReceipt, conclude, type Finding, type Verification } from "./verification.ts";
import { findServed } from "./via.ts";

/** What to verify; `to` and the location win over what the receipt says. */
export interface VerifyOptions extends S3Location {
  readonly receipt: string;
  readonly to?: string;
  /** Looks at each object instead of believing the ledger. */
  readonly deep?: boolean;
  /** Where browsers get the files: the URL under which the target's keys are served. */
  readonly via?: URL;
  /** The page that asks there, for example `https://www.shop.example`; without it CORS is not looked at. */
  readonly origin?: string;
  /** How long a server behind `via` may be silent, in milliseconds; 30,000 when left out. */
  readonly silence?: number;
  /** How long all that is fetched there may take, in milliseconds; 600,000 when left out. */
  readonly limit?: number;
  readonly signal?: AbortSignal;
}

const SILENCE_MS = 30_000;
const LIMIT_MS = 600_000;

/** The last event of a verification. */
export interface VerifySummary extends Verification {
  readonly type: "summary";
  readonly release: string;
  readonly target: string;
  readonly files: number;
  /** Whether the ledger knows the release; undefined where it could not be read. */
  readonly recorded?: boolean;
  /** `damaged` when the objects themselves were looked at because the ledger could not be read. */
  readonly ledger: "read" | "damaged";
  readonly requests: RequestCounts;
}

/**
 * Asks the target's ledger, in one request, whether all that a receipt names is there. Where the ledger cannot tell, the
 * objects are looked at, one request each; so they are with `deep`. With `via`, each file is fetched as a browser would.
 *
 * @throws AssetSyncError when it cannot be asked; a "no" is an answer, not an error
 */
export async function verify(options: VerifyOptions): Promise<VerifySummary> {
  const receipt = await readReceipt(options.receipt);
  const target = parseTarget(options.to ?? receipt.target, locationOf(options, receipt));
  checkLocation(target, options);
  const counter = requestCounter();
  const store = openStore(target, counter, { configuredEndpoint: "ignored" });
  try {
    const ledger = await readUnlessDamaged(store, options.signal);
    const findings = [
      ...(await findInTarget(store, receipt, ledger, options)),
      ...(await findThroughCdn(receipt, ledger, options)),
    ];
    return {
      type: "summary",
      release: receipt.release,
      target: target.url,
      files: Object.keys(receipt.files).length,
      ...(ledger !== undefined && { recorded: ledger.releases.has(receipt.release) }),
      ledger: ledger === undefined ? "damaged" : "read",
      ...conclude(findings),
      requests: counter.counts(),
    };
  } catch (error) {
    throw orInterruption(error, options.signal, `The verification of ${receipt.release}`);
  } finally {
    store.close();
  }
}

/** A container must be able to start while nobody has synced since the ledger was damaged. */
async function readUnlessDamaged(store: Store, signal: AbortSignal | undefined): Promise<Ledger | undefined> {
  try {
    return (await readLedger(store, signal)).ledger;
  } catch (error) {
    if (error instanceof AssetSyncError && error.code === "ASSET_SYNC_LEDGER_DAMAGED") return undefined;
    throw error;
  }
}

async function findInTarget(
  store: Store,
  receipt: Receipt,
  ledger: Ledger | undefined,
  { deep, signal }: VerifyOptions,
): Promise<readonly Finding[]> {
  if (deep === true || ledger === undefined) {
    return findStored(store, { receipt, ledger: ledger ?? EMPTY_LEDGER }, Object.keys(receipt.files), signal);
  }
  const findings = compareReceipt(receipt, ledger);
  const doubtful = findings.filter(({ kind }) => kind === "in doubt").map(({ key }) => key);
  const looked = await findStored(store, { receipt, ledger }, doubtful, signal);
  return [...findings.filter(({ kind }) => kind !== "in doubt"), ...looked];
}

async function findThroughCdn(
  receipt: Receipt,
  ledger: Ledger | undefined,
  { via, origin, silence = SILENCE_MS, limit = LIMIT_MS, signal }: VerifyOptions,
): Promise<readonly Finding[]> {
  if (via === undefined) return [];
  return findServed(via, receipt, ledger ?? EMPTY_LEDGER, {
    silence,
    limit,
    ...(origin === undefined ? {} : { origin }),
    ...(signal === undefined ? {} : { signal }),
  });
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
