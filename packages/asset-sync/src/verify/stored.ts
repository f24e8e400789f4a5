import pLimit from "p-limit";

import { HEADER_NAMES } from "../scan/headers.ts";
import { UNKNOWN_DIGEST, type Ledger, type LedgerFile } from "../ledger/ledger.ts";
import type { Store, StoredHead } from "../store/store.ts";
import type { Receipt } from "../sync/receipt.ts";
import type { Fault, Finding } from "./verification.ts";

const WINDOW = 32;

/** Looks at the objects themselves, whatever the ledger says: one HEAD each, a GET where nobody said the digest. */
export async function findStored(
  store: Store,
  { receipt, ledger }: { readonly receipt: Receipt; readonly ledger: Ledger },
  keys: readonly string[],
  signal?: AbortSignal,
): Promise<readonly Finding[]> {
  const limit = pLimit(WINDOW);
  const replaceable = new Set(receipt.replaceable);
  return Promise.all(
    keys.map((key) =>
      limit(async (): Promise<Finding> => {
        signal?.throwIfAborted();
        const head = await store.head(key, signal);
        const stored = head === undefined ? undefined : await digestOf(store, key, head, signal);
        if (head === undefined || stored === undefined) return { key, kind: "missing" };
        const wanted = {
          digest: receipt.files[key] ?? "",
          replaceable: replaceable.has(key),
          row: ledger.files.get(key),
        };
        return storedFinding(key, wanted, { head, stored });
      }),
    ),
  );
}

/** What a key has to be: the receipt's digest, whether others may replace it, and the ledger's row if there is one. */
interface Wanted {
  readonly digest: string;
  readonly replaceable: boolean;
  readonly row: LedgerFile | undefined;
}

function storedFinding(
  key: string,
  { digest, replaceable, row }: Wanted,
  { head, stored }: { readonly head: StoredHead; readonly stored: string },
): Finding {
  const faults = row === undefined ? [] : headerFaults(key, row, head);
  // A digest is only what somebody said; the size is what is there.
  const short = row?.sha256 === digest && row.size !== head.size;
  if (stored === digest && !short) return { key, kind: "there", faults };
  if (!replaceable) return { key, kind: "different" };
  // Without a row nobody can say whose bytes these are; with one they must be the last that were recorded.
  if (row === undefined || [stored, UNKNOWN_DIGEST].includes(row.sha256)) return { key, kind: "superseded", faults };
  const bytes = { key, what: "bytes", found: stored, expected: row.sha256 };
  return { key, kind: "superseded", faults: [bytes, ...faults] };
}

function headerFaults(key: string, { headers }: LedgerFile, head: StoredHead): readonly Fault[] {
  if (Object.keys(headers).length === 0) return [];
  return HEADER_NAMES.flatMap((what) => {
    const [found, expected] = [head.headers[what] ?? "none", headers[what] ?? "none"];
    return found === expected ? [] : [{ key, what, found, expected }];
  });
}

async function digestOf(
  store: Store,
  key: string,
  head: StoredHead,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  return head.digest?.algorithm === "sha256" ? head.digest.hex : (head.sha256 ?? store.digest(key, signal));
}
