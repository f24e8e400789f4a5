import { sha256 } from "../scan/digest.ts";
import { RESERVED_FOLDER } from "../config/reserved-folder.ts";
import type { Conditions } from "../ledger/ledger.ts";
import type { Store } from "../store/store.ts";

const BODY = Buffer.from("Written once, to find out whether this endpoint keeps to the conditions of a write.\n");

/**
 * Finds out whether an endpoint keeps to the conditions of a write, by creating an object that is there already. One
 * request, two when nobody asked before.
 */
export async function probeConditions(store: Store, signal?: AbortSignal): Promise<Conditions> {
  const request = {
    key: `${RESERVED_FOLDER}/conditions`,
    body: BODY,
    sha256: sha256(BODY),
    headers: { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" },
    condition: { kind: "absent" },
  } as const;
  const first = await store.put(request, signal);
  const last = first.outcome === "stored" ? await store.put(request, signal) : first;
  return last.outcome === "refused" ? "kept" : "ignored";
}
