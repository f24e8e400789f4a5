import { sha256 } from "../scan/digest.ts";
import { decodeLedger, encodeLedger } from "../ledger/format.ts";
import { LEDGER_ENTRIES, LEDGER_KEY, type Ledger } from "../ledger/ledger.ts";
import { mergeUnordered } from "../ledger/merge.ts";
import type { Store } from "../store/store.ts";
import { LEDGER_HEADERS } from "./ledger-headers.ts";

/**
 * The ledger of an endpoint that ignores the conditions of a write: no object is ever written twice. Each run adds an
 * object of its own, named by its content, and whoever reads merges them all.
 */
export async function readEntries(store: Store, base: Ledger, signal?: AbortSignal): Promise<Ledger> {
  const keys: string[] = [];
  for await (const page of store.list({ prefix: LEDGER_ENTRIES }, signal)) keys.push(...page.map(({ key }) => key));
  const entries = await Promise.all(
    keys.map(async (key) => {
      const object = await store.get(key, signal);
      return object === undefined ? [] : [decodeLedger(object.body, store.locate(key))];
    }),
  );
  return mergeUnordered([base, ...entries.flat()]);
}

/**
 * Adds what a run has to say. Undefined when another run said something else of the same file at the same time: nobody
 * can tell whose bytes are stored then.
 */
export async function writeEntry(
  store: Store,
  ledger: Ledger,
  added: Ledger,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const version = await put(store, entryKey, await encodeLedger(selfContained(added, ledger)), signal);
  // Whoever reads learns here that there are entries. All who write this object without a condition write the same.
  if (ledger.conditions !== "ignored") {
    await put(store, () => LEDGER_KEY, await encodeLedger({ ...ledger, conditions: "ignored" }), signal);
  }
  const now = await readEntries(store, ledger, signal);
  const told = [...added.files].every(([key, { revision, sha256: digest }]) => {
    const row = now.files.get(key);
    return row !== undefined && (row.revision > revision || row.sha256 === digest);
  });
  return told ? version : undefined;
}

function entryKey(body: Buffer): string {
  return `${LEDGER_ENTRIES}${sha256(body).slice(0, 32)}.json.zst`;
}

/** What is added, with the rows of all files that its releases need. */
function selfContained(added: Ledger, ledger: Ledger): Ledger {
  const files = new Map(added.files);
  for (const { keys } of added.releases.values()) {
    for (const key of keys) {
      const row = files.get(key) ?? ledger.files.get(key);
      if (row !== undefined) files.set(key, row);
    }
  }
  const revision = [...files.values()].reduce((highest, file) => Math.max(highest, file.revision), 0);
  return { revision, files, releases: added.releases, conditions: "ignored" };
}

async function put(
  store: Store,
  keyOf: (body: Buffer) => string,
  body: Buffer,
  signal: AbortSignal | undefined,
): Promise<string> {
  const result = await store.put({ key: keyOf(body), body, sha256: sha256(body), headers: LEDGER_HEADERS }, signal);
  if (result.outcome !== "stored") throw new Error(`a put without condition was ${result.outcome}`);
  return result.version;
}
