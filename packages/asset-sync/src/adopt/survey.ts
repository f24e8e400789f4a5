import { AssetSyncError } from "../errors.ts";
import { ledgersAbove } from "../ledger/other-targets.ts";
import { packingOf, phaseOf } from "../scan/asset-kind.ts";
import type { HeaderRules } from "../scan/header-rules.ts";
import { objectHeaders, type ObjectHeaders } from "../scan/headers.ts";
import type { KeyRange, ListedObject, Store, StoredHead } from "../store/store.ts";
import { headerFaults, type AdoptFault } from "./header-faults.ts";

/** An object that was found, with what is wrong with it. */
export interface Surveyed {
  readonly key: string;
  readonly there: StoredHead;
  /** The headers that a sync would give it. */
  readonly wanted: ObjectHeaders;
  readonly faults: readonly AdoptFault[];
}

/** Requests at once: looks are cheap, and there may be a hundred thousand. */
const AT_ONCE = 64;

/** Where a folder's keys are cut into parts that are listed side by side: names begin with all letters, chunks with digits. */
const CUTS = ["2", "8", "b", "d", "h", "m", "q", "u"] as const;

/**
 * All objects in folders that begin so, from listings of parts of the key space side by side, and the ledgers of targets
 * that those lie in. A prefix that ends in a slash is one folder.
 */
export async function listSplit(
  store: Store,
  prefixes: readonly string[],
  signal: AbortSignal | undefined,
): Promise<readonly ListedObject[]> {
  const ranges = prefixes.flatMap((prefix) => [...ledgersAbove(prefix.replace(/\/$/, "")).map(whole), ...cut(prefix)]);
  const parts = await Promise.all(
    ranges.map(async (range) => {
      const found: ListedObject[] = [];
      for await (const page of store.list(range, signal)) found.push(...page);
      return found;
    }),
  );
  return parts.flat().filter(({ key }) => key.includes("/"));
}

const whole = (prefix: string): KeyRange => ({ prefix });

function cut(prefix: string): readonly KeyRange[] {
  if (!prefix.endsWith("/")) return [{ prefix }];
  return [undefined, ...CUTS].map((from, n) => {
    const end = CUTS[n];
    return {
      prefix,
      ...(from === undefined ? {} : { after: prefix + from }),
      ...(end === undefined ? {} : { upTo: prefix + end }),
    };
  });
}

/**
 * Looks at each object. What has gone since it was listed is left out.
 *
 * @param acl what objects are to have: where everyone may read them by it, a public one is as it should be
 */
export async function survey(
  store: Store,
  listed: readonly ListedObject[],
  { rules, acl }: { readonly rules: HeaderRules; readonly acl: string | undefined },
  signal: AbortSignal | undefined,
): Promise<readonly Surveyed[]> {
  const mayBePublic = acl?.startsWith("public-") === true;
  const there = new Set(listed.map(({ key }) => key));
  const found: Surveyed[] = [];
  await eachOf(listed, async ({ key }) => {
    const head = await store.head(key, signal);
    if (head === undefined) return;
    const wanted = wantedHeaders(key, there, rules);
    const open = !mayBePublic && (await isPublic(store, key, signal)) ? (["public ACL"] as const) : [];
    found.push({ key, there: head, wanted, faults: [...headerFaults(head.headers, wanted), ...open] });
  });
  return found.toSorted((left, right) => (left.key < right.key ? -1 : 1));
}

/** Not every role may read ACLs, and where a bucket has none enabled there is nothing to find. */
async function isPublic(store: Store, key: string, signal: AbortSignal | undefined): Promise<boolean> {
  try {
    return (await store.isPublic(key, signal)) === true;
  } catch (error) {
    if (error instanceof AssetSyncError && error.code === "ASSET_SYNC_ACCESS_DENIED") return false;
    throw error;
  }
}

function wantedHeaders(key: string, there: ReadonlySet<string>, rules: HeaderRules): ObjectHeaders {
  const phase = phaseOf(key);
  const { inner } = packingOf(key);
  const packed = inner !== key && there.has(inner);
  return rules(packed ? inner : key, phase, objectHeaders(key, phase, packed));
}

/** Does work for each item, so many at once. */
export async function eachOf<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  const lane = async (): Promise<void> => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, items.length) }, lane));
}
