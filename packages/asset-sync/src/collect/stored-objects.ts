import { claimedKeys, claimsOf } from "../ledger/claims.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { Store } from "../store/store.ts";

/** Sizes of all objects in the folders that a ledger and the claims in it name, by key. Other folders are not looked at. */
export async function storedObjects(
  store: Store,
  ledger: Ledger,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, number>> {
  const named = [...ledger.files.keys(), ...claimedKeys(claimsOf(ledger))];
  const folders = new Set(named.map((key) => key.slice(0, key.indexOf("/") + 1)));
  const stored = new Map<string, number>();
  await Promise.all(
    [...folders].map(async (prefix) => {
      for await (const page of store.list({ prefix }, signal)) for (const { key, size } of page) stored.set(key, size);
    }),
  );
  return stored;
}
