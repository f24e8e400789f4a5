import type { Ledger, LedgerFile } from "../ledger/ledger.ts";
import type { Asset } from "../scan/scan.ts";
import type { Plan } from "./plan.ts";

/**
 * What this run adds to `ledger` once the plan is carried out: its release, and each file it sent under a new revision.
 * Files it found unchanged keep the ledger's own row.
 */
export function contribution(plan: Plan, assets: readonly Asset[], ledger: Ledger, at: number): Ledger {
  const revision = ledger.revision + 1;
  const sent = new Set([...plan.puts, ...plan.copies].map((put) => put.key));
  const files = new Map<string, LedgerFile>();
  for (const asset of assets) {
    const known = sent.has(asset.key) ? undefined : ledger.files.get(asset.key);
    const { size, sha256, headers } = asset;
    files.set(asset.key, known ?? { size, sha256, headers, revision });
  }
  const keys = assets.map((asset) => asset.key);
  return {
    revision: [...files.values()].reduce((highest, file) => Math.max(highest, file.revision), 0),
    files,
    releases: new Map([[plan.release, { at, keys }]]),
  };
}
