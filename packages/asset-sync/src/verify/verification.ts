import { UNKNOWN_DIGEST, type Ledger } from "../ledger/ledger.ts";
import type { Receipt } from "../sync/receipt.ts";

/** How something that is there is not as it should be. */
export interface Fault {
  readonly key: string;
  /** What is wrong: `bytes`, `status`, `connection`, or the name of a header in lower case. */
  readonly what: string;
  readonly found: string;
  readonly expected: string;
}

/** How a receipt compares with a target; keys sorted. */
export interface Verification {
  readonly holds: boolean;
  /** Keys that the target does not hold. */
  readonly missing: readonly string[];
  /** Fingerprinted keys that stand for other bytes. */
  readonly different: readonly string[];
  /** Plain files and manifests that stand for another release's bytes, as their names allow. */
  readonly superseded: readonly string[];
  /** What is there, but not as it was stored, or not as a browser needs it. */
  readonly faults: readonly Fault[];
}

/** What is said about one key. */
export interface Finding {
  readonly key: string;
  readonly kind: "there" | "missing" | "different" | "superseded" | "in doubt";
  readonly faults?: readonly Fault[];
}

/**
 * Compares a receipt with a ledger. Pure. A fingerprinted key must stand for the same bytes; a plain file or manifest
 * keeps its key from release to release, so it only has to be there. `in doubt` is a fingerprinted key of which the
 * ledger cannot tell what is stored.
 */
export function compareReceipt(receipt: Receipt, ledger: Ledger): readonly Finding[] {
  const replaceable = new Set(receipt.replaceable);
  return Object.entries(receipt.files).map(([key, digest]) => {
    const known = ledger.files.get(key);
    if (known === undefined) return { key, kind: "missing" };
    if (known.sha256 === digest) return { key, kind: "there" };
    if (replaceable.has(key)) return { key, kind: "superseded" };
    return { key, kind: known.sha256 === UNKNOWN_DIGEST ? "in doubt" : "different" };
  });
}

/** The answer that findings add up to. Pure. */
export function conclude(findings: readonly Finding[]): Verification {
  const keysOf = (kind: Finding["kind"]): readonly string[] =>
    findings
      .filter((finding) => finding.kind === kind)
      .map(({ key }) => key)
      .toSorted();
  const [missing, different, superseded] = [keysOf("missing"), keysOf("different"), keysOf("superseded")];
  const faults = findings.flatMap((finding) => finding.faults ?? []);
  const holds = missing.length + different.length + faults.length === 0;
  return { holds, missing, different, superseded, faults };
}
