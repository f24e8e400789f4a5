import { DIGEST_BYTES } from "../scan/digest-table.ts";
import { headersText, type ObjectHeaders } from "../scan/headers.ts";
import type { LedgerFile, LedgerFiles } from "./ledger.ts";
import type { StoredLedger } from "./stored.ts";

/** Files as a ledger stores them, and what they have by its place: sets of headers, and options, of which 0 is none. */
export interface FileColumns extends Required<Pick<StoredLedger, "headers" | "options">> {
  readonly files: Omit<StoredLedger["files"], "sha256"> & {
    /** Bytes: a text of all digests would be needed for a moment, and be as large as the rest of the ledger. */
    readonly sha256: Buffer;
  };
}

/** Turns rows into columns. Looks at each row once, since it may have been made for the look, and keeps none. */
export function fileColumns(key: readonly string[], rows: LedgerFiles): FileColumns {
  // As long as they will be: a list that grows leaves three times its size behind.
  const column = (): number[] => key.map(() => 0);
  const [size, headers, revision, given] = [column(), column(), column(), column()];
  const sha256 = Buffer.allocUnsafe(key.length * DIGEST_BYTES);
  // Files share few objects of headers, so that looking for one is cheap.
  const sets = new Map<LedgerFile["headers"], number>();
  // No options are the empty text, which comes before all digests.
  const options = new Map([["", 0]]);
  for (const [at, name] of key.entries()) {
    const row = rows.get(name);
    if (row === undefined) throw new Error(`a ledger has the key ${name} and no row of it`);
    size[at] = row.size;
    const written = sha256.write(row.sha256, at * DIGEST_BYTES, DIGEST_BYTES, "hex");
    if (written !== DIGEST_BYTES) throw new Error(`the key ${name} has a digest of ${written} bytes`);
    headers[at] = placeIn(sets, row.headers);
    revision[at] = row.revision;
    given[at] = placeIn(options, row.options ?? "");
  }
  const columns = { key, size, sha256, headers, revision };
  const tables = {
    headers: sortTable(sets, headersText, headers).map(sortedHeaders),
    options: sortTable(options, (text) => text, given).slice(1),
  };
  return { ...tables, files: tables.options.length === 0 ? columns : { ...columns, options: given } };
}

/** Where `one` is in a table of what was found, in the order in which it was found. */
function placeIn<T>(found: Map<T, number>, one: T): number {
  const place = found.get(one) ?? found.size;
  if (place === found.size) found.set(one, place);
  return place;
}

/** What was found by the order of its texts, each once; the places in the column become those in that order. */
function sortTable<T>(found: ReadonlyMap<T, number>, textOf: (one: T) => string, column: number[]): readonly T[] {
  const sorted = [...Map.groupBy(found.keys(), textOf)].toSorted(([left], [right]) => (left < right ? -1 : 1));
  const places = new Map(sorted.flatMap(([, ones], at) => ones.map((one) => [found.get(one), at])));
  for (let at = 0; at < column.length; at += 1) column[at] = places.get(column[at]) ?? 0;
  return sorted.flatMap(([, ones]) => ones.slice(-1));
}

function sortedHeaders(headers: LedgerFile["headers"]): Partial<ObjectHeaders> {
  return Object.fromEntries(Object.entries(headers).toSorted(([left], [right]) => (left < right ? -1 : 1)));
}
