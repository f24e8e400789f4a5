import type { ContentOptions } from "../config/content-options.ts";
import type { ObjectOptions } from "../config/object-options.ts";
import type { Target } from "../config/target.ts";
import { AssetSyncError } from "../errors.ts";
import type { RequestCounts } from "../events.ts";
import { recordingTime } from "../ledger/release-order.ts";
import { headerRules } from "../scan/header-rules.ts";
import { openStore } from "../store/open-store.ts";
import { requestCounter } from "../store/request-counter.ts";
import type { Store } from "../store/store.ts";
import { orInterruption } from "../sync/interruption.ts";
import { readLedger, recordLedger } from "../sync/ledger-access.ts";
import { adoptedLedger, type Adopted } from "./adopted.ts";
import { REPAIRABLE, type AdoptFault } from "./header-faults.ts";
import { eachOf, listSplit, survey, type Surveyed } from "./survey.ts";

/** How to take a bucket over. */
export interface AdoptOptions extends Pick<ContentOptions, "headers"> {
  readonly target: Target;
  /** Folders of the target whose objects are assets. */
  readonly folders: readonly string[];
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
  readonly fixed: number;
  /** Those that are new to the ledger. */
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
  const counter = requestCounter();
  const { encryption } = options.objects;
  const store = openStore(options.target, counter, encryption === undefined ? {} : { encryption });
  const { signal } = control;
  try {
    const listed = await listSplit(store, options.folders, signal);
    const found = await survey(store, listed, headerRules(options.headers), signal);
    const { objects, fixed } = options.fix ? await repair(store, found, options, signal) : { objects: found, fixed: 0 };
    const writes = options.fix || options.write;
    return {
      target: options.target.url,
      objects: found.length,
      faults: found.flatMap(({ key, faults }) => faults.map((fault) => ({ key, fault }))),
      fixed,
      adopted: await record(store, objects, writes, signal),
      written: writes,
      requests: counter.counts(),
    };
  } catch (error) {
    throw orInterruption(error, signal, "Taking over the target");
  } finally {
    store.close();
  }
}

/** Whether other headers would put an object right, and nothing that someone may rely on would go with them. */
export function isRepairable({ faults }: Surveyed, acl: string | undefined): boolean {
  // A copy has the bucket's own ACL: what is public, perhaps on purpose, would be so no longer.
  if (faults.includes("public ACL")) return acl !== undefined;
  return faults.some((fault) => REPAIRABLE.has(fault)) && !faults.includes("packed in place");
}

async function repair(
  store: Store,
  found: readonly Surveyed[],
  { objects: attributes }: AdoptOptions,
  signal: AbortSignal | undefined,
): Promise<{ readonly objects: readonly Adopted[]; readonly fixed: number }> {
  const objects = new Map<string, Adopted>(found.map((one) => [one.key, one]));
  let fixed = 0;
  await eachOf(
    found.filter((one) => isRepairable(one, attributes.acl)),
    async ({ key, there, wanted }) => {
      const sha256 = there.sha256 ?? (await store.digest(key, signal));
      if (sha256 === undefined) return;
      const condition = { kind: "version", version: there.version } as const;
      const result = await store.copy({ key, sha256, headers: { ...wanted }, attributes, condition }, signal);
      if (result.outcome !== "stored") return;
      fixed += 1;
      objects.set(key, { key, sha256, there: { ...there, headers: { ...wanted } } });
    },
  );
  return { objects: [...objects.values()], fixed };
}

/** Says how many objects are new to the ledger, and writes them into it. */
async function record(
  store: Store,
  objects: readonly Adopted[],
  writes: boolean,
  signal: AbortSignal | undefined,
): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const read = await readLedger(store, signal);
    const at = recordingTime(read.ledger, "", Math.floor(Date.now() / 1000));
    const added = adoptedLedger(objects, read.ledger, at);
    if (!writes || added.files.size === 0) return added.files.size;
    if ((await recordLedger(store, read, added, signal)) !== undefined) return added.files.size;
  }
  throw new AssetSyncError(
    "ASSET_SYNC_LEDGER_CONTENDED",
    `The ledger of ${store.locate("")} was written by others ${ATTEMPTS} times in a row.`,
  );
}
