import type { Ledger, LedgerFile } from "../ledger/ledger.ts";
import { SortedFiles } from "../ledger/sorted-files.ts";
import type { Asset } from "../scan/asset.ts";
import type { Plan, PlannedPut } from "./plan.ts";

/** What a contribution says beside the plan. */
export interface Contribution {
  /** Seconds since 1970. */
  readonly at: number;
  /** Stands for what the object of a key got beside bytes and headers. */
  readonly optionsOf: (key: string) => string | undefined;
}

/**
 * What this run adds to `ledger` once the plan is carried out: its release, and each file it sent under a new revision.
 * The rows of other files are the ledger's own, with which it is to be merged.
 */
export function contribution(
  plan: Plan,
  assets: readonly Asset[],
  ledger: Ledger,
  { at, optionsOf }: Contribution,
): Ledger {
  const revision = ledger.revision + 1;
  const sent = sentFiles(plan);
  const keys = assets.map((asset) => asset.key);
  return {
    revision: sent.length === 0 ? 0 : revision,
    files: new SortedFiles(sent, {
      keyOf: (put) => put.key,
      rowOf: (put) => new SentFile(put, revision, optionsOf(put.key)),
    }),
    releases: new Map([[plan.release, { at, keys }]]),
  };
}

/** In the order of their keys, as puts and copies are. */
function sentFiles({ puts, copies }: Plan): readonly PlannedPut[] {
  if (copies.length === 0) return puts;
  return [...puts, ...copies].toSorted((left, right) => (left.key < right.key ? -1 : 1));
}

/** The row of a file that was sent, in the words of its plan. */
class SentFile implements LedgerFile {
  readonly revision: number;
  declare readonly options?: string;
  readonly #put: PlannedPut;

  constructor(put: PlannedPut, revision: number, options: string | undefined) {
    this.#put = put;
    this.revision = revision;
    if (options !== undefined) this.options = options;
  }

  get size(): number {
    return this.#put.size;
  }

  get sha256(): string {
    return this.#put.sha256;
  }

  get headers(): LedgerFile["headers"] {
    return this.#put.headers;
  }
}
