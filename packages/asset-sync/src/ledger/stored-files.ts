import { DIGEST_BYTES } from "../scan/digest-table.ts";
import type { LedgerFiles } from "./ledger.ts";
import { SortedFiles } from "./sorted-files.ts";
import type { StoredLedger } from "./stored.ts";

/** The files of a ledger that was read and found without fault. Lets go of the text of their digests. */
export function storedFiles({ headers: sets, options: known = [], files }: StoredLedger): LedgerFiles {
  const { key, size, headers, revision, options } = files;
  const digests = Buffer.from(files.sha256, "base64");
  return new SortedFiles(key, {
    keyOf: (name) => name,
    rowOf: (_, at) => {
      const sha256 = digests.toString("hex", at * DIGEST_BYTES, (at + 1) * DIGEST_BYTES);
      const row = { size: size[at] ?? 0, sha256, headers: sets[headers[at] ?? 0] ?? {}, revision: revision[at] ?? 0 };
      const given = known[(options?.[at] ?? 0) - 1];
      return given === undefined ? row : { ...row, options: given };
    },
  });
}
