import type { Ledger, LedgerFile } from "../ledger/ledger.ts";
import type { Asset } from "../scan/scan.ts";
import type { Plan } from "./plan.ts";

/**
 * What this run adds to `ledger` once the plan is carried out: its release, and each file it sent under a new revision.
 * The rows of other files are the ledger's own, with which it is to be merged.
 */
export function contribution(plan: Plan, assets: readonly Asset[], ledger: Ledger, at: number): Ledger {
  const revision = ledger.revision + 1;
  const files = new Map<string, LedgerFile>();
  for (const { key, size, sha256, headers } of [...plan.puts, ...plan.copies]) {
    files.set(key, { size, sha256, headers, revision });
  }
  const keys = assets.map((asset) => asset.key);
  return {
    revision: files.size === 0 ? 0 : revision,
    files,
    releases: new Map([[plan.release, { at, keys }]]),
  };
}
