import { standing, UNKNOWN_DIGEST, type Ledger, type LedgerFile } from "../ledger/ledger.ts";
import { headersText } from "../scan/headers.ts";
import type { PlannedPut } from "./plan.ts";

/** A put that was begun, whatever became of it. */
export interface BegunPut {
  readonly put: PlannedPut;
  /** How the ledger stood to the key at that time, as {@link standing} says. */
  readonly over: number;
  /** Whether the store said that the file is there. */
  readonly arrived: boolean;
}

/**
 * What a run that ends before its ledger has to add to `ledger` so that it tells what is stored: files, no release. A
 * key of which nobody can tell whose bytes are stored gets a digest that no file has. Pure; undefined when the ledger
 * is right as it is.
 *
 * @param sendsAgain what the next sync is to send again although it arrived
 */
export function correction(
  begun: readonly BegunPut[],
  ledger: Ledger,
  sendsAgain: (put: PlannedPut) => boolean = () => false,
): Ledger | undefined {
  const revision = ledger.revision + 1;
  const files = new Map<string, LedgerFile>();
  for (const one of begun) {
    const row = sendsAgain(one.put) ? doubtfulRow(one, ledger) : correctRow(one, ledger);
    if (row !== undefined) files.set(one.put.key, { ...row, revision });
  }
  return files.size === 0 ? undefined : { revision, files, releases: new Map() };
}

function doubtfulRow({ put, arrived }: BegunPut, ledger: Ledger): Omit<LedgerFile, "revision"> | undefined {
  const { key, size, headers } = put;
  const row = ledger.files.get(key) ?? (arrived ? { size, headers } : undefined);
  return row === undefined ? undefined : { ...row, sha256: UNKNOWN_DIGEST };
}

function correctRow({ put, over, arrived }: BegunPut, ledger: Ledger): Omit<LedgerFile, "revision"> | undefined {
  const { key, size, sha256, headers } = put;
  const known = ledger.files.get(key);
  if (standing(ledger, key) === over) {
    if (arrived) return { size, sha256, headers };
    return known === undefined ? undefined : { ...known, sha256: UNKNOWN_DIGEST };
  }
  const same = known?.sha256 === sha256 && headersText(known.headers) === headersText(headers);
  return known === undefined || same ? undefined : { ...known, sha256: UNKNOWN_DIGEST };
}
