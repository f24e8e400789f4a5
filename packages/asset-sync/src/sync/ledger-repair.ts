import { RESERVED_FOLDER } from "../config/reserved-folder.ts";
import { sha256 } from "../scan/digest.ts";
import type { SyncListener } from "../events.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { ledgersAbove, ownObjects } from "../ledger/other-targets.ts";
import { rebuiltLedger } from "../ledger/rebuilt.ts";
import { isKey } from "../store/key.ts";
import type { KeyRange, ListedObject, Store } from "../store/store.ts";
import { keyRanges } from "./key-ranges.ts";

/** What a run knows of the target without its ledger. */
export interface RepairScope {
  /** The folders whose objects are assets; nothing else of a bucket is looked at. */
  readonly folders: readonly string[];
  /** Keys that are likely to be there: they tell where to split a listing. */
  readonly keys: readonly string[];
  readonly emit: SyncListener;
}

/**
 * Keeps a copy of a damaged ledger under another name and makes a new one from a listing. The damaged one stays where it
 * is until the new one replaces it.
 */
export async function repairLedger(
  store: Store,
  damaged: { readonly body: Buffer; readonly key: string; readonly reason: string },
  scope: RepairScope,
  signal?: AbortSignal,
): Promise<Ledger> {
  const { body, key, reason } = damaged;
  const digest = sha256(body);
  const damage = digest.slice(0, 16);
  const aside = `${RESERVED_FOLDER}/ledger-damaged-${damage}`;
  const headers = { "content-type": "application/octet-stream", "cache-control": "no-store" };
  const copy = { key: aside, body, sha256: digest, headers };
  const result = await store.put({ ...copy, condition: { kind: "absent" } }, signal);
  if (result.outcome === "unsupported") await store.put(copy, signal);
  scope.emit({ type: "ledger-set-aside", key: store.locate(key), aside: store.locate(aside), reason });
  const listed = await listFolders(store, scope, signal);
  scope.emit({ type: "ledger-rebuilt", files: listed.length });
  return rebuiltLedger(listed, damage, Math.floor(store.now()));
}

/** What no sync can have put there is left out, and what belongs to a target of its own below this one. */
async function listFolders(
  store: Store,
  scope: RepairScope,
  signal: AbortSignal | undefined,
): Promise<readonly ListedObject[]> {
  const ranges = scope.folders.flatMap((folder): readonly KeyRange[] => [
    ...ledgersAbove(folder).map((prefix) => ({ prefix })),
    ...keyRanges(folder, scope.keys),
  ]);
  const parts = await Promise.all(
    ranges.map(async (range) => {
      const found: ListedObject[] = [];
      for await (const page of store.list(range, signal)) found.push(...page.filter(({ key }) => isKey(key)));
      return found;
    }),
  );
  return ownObjects(parts.flat()).own;
}
