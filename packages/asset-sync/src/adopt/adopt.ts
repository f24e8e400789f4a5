import type { ContentOptions } from "../config/content-options.ts";
import type { ObjectOptions } from "../config/object-options.ts";
import type { Target } from "../config/target.ts";
import type { RequestCounts } from "../events.ts";
import { recordingTime } from "../ledger/release-order.ts";
import { BUILT_FOLDERS, namedFolders } from "../scan/asset-folders.ts";
import { headerRules } from "../scan/header-rules.ts";
import { openStore } from "../store/open-store.ts";
import { requestCounter } from "../store/request-counter.ts";
import type { Store } from "../store/store.ts";
import { orInterruption } from "../sync/interruption.ts";
import { ledgerContended, readLedger, recordLedger } from "../sync/ledger-access.ts";
import { adoption } from "./adopted.ts";
import type { AdoptFault } from "./header-faults.ts";
import { repair } from "./repair.ts";
import { takeable, type Skipped } from "./skipped.ts";
import { listSplit, survey, type Surveyed } from "./survey.ts";

/** How to take a bucket over. */
export interface AdoptOptions extends Pick<ContentOptions, "headers"> {
  readonly target: Target;
  /** Folders of the target whose objects are assets; undefined means those that a Rails build makes. */
  readonly folders?: readonly string[];
  /** Repairs headers in place. */
  readonly fix: boolean;
  /** Writes the ledger; without it, and without `fix`, nothing is written. */
  readonly write: boolean;
  readonly objects: ObjectOptions;
}

/** What was found, and what was done about it. */
export interface AdoptSummary {
  readonly target: string;
  readonly objects: number;
  readonly faults: readonly { readonly key: string; readonly fault: AdoptFault }[];
  /** What was left as it is and out of the ledger. */
  readonly skipped: readonly Skipped[];
  readonly fixed: number;
  /** Those that are new to the ledger, or that no adopted release named. */
  readonly adopted: number;
  readonly written: boolean;
  readonly requests: RequestCounts;
}

const ATTEMPTS = 20;

/**
 * Takes over a bucket that something else has filled: lists it, looks at each object, says what is wrong with its headers,
 * and records what is there in the ledger. Without `fix` and `write` it only looks. No object is sent.
 *
 * @throws AssetSyncError
 */
export async function adopt(
  options: AdoptOptions,
  control: { readonly signal?: AbortSignal } = {},
): Promise<AdoptSummary> {
  const named = options.folders && namedFolders(options.folders, options.target.url);
  const prefixes = named?.map((folder) => `${folder}/`) ?? BUILT_FOLDERS;
  const counter = requestCounter();
  const { encryption } = options.objects;
  const store = openStore(options.target, counter, encryption === undefined ? {} : { encryption });
  const { signal } = control;
  try {
    const outcome = await takeOver(store, prefixes, options, signal);
    return { target: options.target.url, ...outcome, requests: counter.counts() };
  } catch (error) {
    throw orInterruption(error, signal, "Taking over the target");
  } finally {
    store.close();
  }
}

type Outcome = Omit<AdoptSummary, "target" | "requests">;

/**
 * Reads the ledger before anything is looked at, and writes it only while it is that one: of what a collection takes out
 * in between nothing may be recorded. Whenever somebody else was faster, everything is looked at again.
 */
async function takeOver(
  store: Store,
  prefixes: readonly string[],
  options: AdoptOptions,
  signal: AbortSignal | undefined,
): Promise<Outcome> {
  const written = options.fix || options.write;
  const rules = headerRules(options.headers);
  const { acl } = options.objects;
  let first: readonly Surveyed[] | undefined;
  let fixed = 0;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const read = await readLedger(store, signal);
    const listed = await listSplit(store, prefixes, signal);
    const now = Math.floor(store.now());
    const { taken, skipped } = takeable(listed, read.ledger, now);
    const found = await survey(store, taken, { rules, acl }, signal);
    first ??= found;
    const repaired = options.fix ? await repair(store, found, options.objects, signal) : { objects: found, fixed: 0 };
    fixed += repaired.fixed;
    const { added, adopted } = adoption(repaired.objects, read.ledger, recordingTime(read.ledger, "", now));
    const isRecorded = added.files.size + added.releases.size === 0;
    if (!written || isRecorded || (await recordLedger(store, read, added, signal)) !== undefined) {
      const faults = first.flatMap((one) => one.faults.map((fault) => ({ key: one.key, fault })));
      return { objects: found.length, faults, skipped, fixed, adopted, written };
    }
  }
  throw ledgerContended(store, ATTEMPTS);
}
