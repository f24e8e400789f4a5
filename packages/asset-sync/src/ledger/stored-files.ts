import { DIGEST_BYTES } from "../scan/digest-table.ts";
import type { ObjectHeaders } from "../scan/headers.ts";
import type { LedgerFile, LedgerFiles } from "./ledger.ts";
import { SortedFiles } from "./sorted-files.ts";
import type { StoredLedger } from "./stored.ts";

/** The files of a ledger that was read and found without fault. Lets go of the text of their digests. */
export function storedFiles({ headers: sets, options: known = [], files }: StoredLedger): LedgerFiles {
  const { key, size, headers, revision, options } = files;
  const digests = Buffer.from(files.sha256, "base64");
  return new SortedFiles(key, {
    keyOf: (name) => name,
    rowOf: (_, at) => {
      const row = { size: size[at] ?? 0, headers: sets[headers[at] ?? 0] ?? {}, revision: revision[at] ?? 0 };
      const given = known[(options?.[at] ?? 0) - 1];
      return new StoredFile(given === undefined ? row : { ...row, options: given }, digests, at * DIGEST_BYTES);
    },
  });
}

/**
 * A row that was read. Its digest is made into hex when it is asked for, as most are compared once or never; a copy made by
 * spreading does not have it.
 */
class StoredFile implements LedgerFile {
  readonly size: number;
  readonly headers: Partial<ObjectHeaders>;
  readonly revision: number;
  declare readonly options?: string;
  readonly #digests: Buffer;
  readonly #at: number;

  /** @param at where in `digests` its own begins */
  constructor({ size, headers, revision, options }: Omit<LedgerFile, "sha256">, digests: Buffer, at: number) {
    this.size = size;
    this.headers = headers;
    this.revision = revision;
    if (options !== undefined) this.options = options;
    this.#digests = digests;
    this.#at = at;
  }

  get sha256(): string {
    return this.#digests.toString("hex", this.#at, this.#at + DIGEST_BYTES);
  }
}
