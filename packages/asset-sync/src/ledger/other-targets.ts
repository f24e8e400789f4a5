import { RESERVED_FOLDER } from "../config/reserved-folder.ts";

/** Where a target below this one keeps its ledger. */
const LEDGER_BELOW = new RegExp(`^(.+?/)${RESERVED_FOLDER.replace(".", "\\.")}/ledger[./]`);

/** Whether a key is one of those that targets keep for themselves: nobody's asset, whatever a ledger says. */
export function isReserved(key: string): boolean {
  return key.split("/").includes(RESERVED_FOLDER);
}

/**
 * Parts a listing into what is this target's own and folders, with a slash at the end, that are targets themselves: each
 * has a ledger. One collection would delete what another's releases need. Pure.
 */
export function ownObjects<T extends { readonly key: string }>(
  listed: readonly T[],
): { readonly own: readonly T[]; readonly others: readonly string[] } {
  const others = [...new Set(listed.flatMap(({ key }) => LEDGER_BELOW.exec(key)?.[1] ?? []))];
  const own = listed.filter(({ key }) => !isReserved(key) && !others.some((folder) => key.startsWith(folder)));
  return { own, others };
}

/**
 * Prefixes of the ledgers of targets that a folder of this one may lie in: a listing of the folder does not show them.
 * Pure.
 */
export function ledgersAbove(folder: string): readonly string[] {
  const parts = folder.split("/").slice(0, -1);
  return parts.map((_, n) => `${parts.slice(0, n + 1).join("/")}/${RESERVED_FOLDER}/ledger`);
}
