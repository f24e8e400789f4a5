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

/** Turns rows into columns. Keeps no row, since those that there are may have been made for the look alone. */
export function fileColumns(key: readonly string[], rows: LedgerFiles): FileColumns {
  const { sets, places, options } = tablesOf(rows);
  // As long as they will be: a list that grows leaves three times its size behind.
  const column = (): number[] => key.map(() => 0);
  const [size, headers, revision, given] = [column(), column(), column(), options.length === 0 ? [] : column()];
  const sha256 = Buffer.allocUnsafe(key.length * DIGEST_BYTES);
  for (const [at, name] of key.entries()) {
    const row = rows.get(name);
    if (row === undefined) throw new Error(`a ledger has the key ${name} and no row of it`);
    size[at] = row.size;
    sha256.write(row.sha256, at * DIGEST_BYTES, DIGEST_BYTES, "hex");
    headers[at] = places.get(row.headers) ?? -1;
    revision[at] = row.revision;
    if (options.length > 0) given[at] = options.indexOf(row.options ?? "") + 1;
  }
  const columns = { key, size, sha256, headers, revision };
  return { headers: sets, options, files: options.length === 0 ? columns : { ...columns, options: given } };
}

interface Tables {
  readonly sets: readonly Partial<ObjectHeaders>[];
  /** Where in `sets` the headers of a file are; files share few objects of headers, so that looking for one is cheap. */
  readonly places: ReadonlyMap<LedgerFile["headers"], number>;
  readonly options: readonly string[];
}

/** Goes through the rows once, as each may have to be made. */
function tablesOf(rows: LedgerFiles): Tables {
  const texts = new Map<LedgerFile["headers"], string>();
  const given = new Set<string>();
  for (const { headers, options } of rows.values()) {
    if (!texts.has(headers)) texts.set(headers, headersText(headers));
    if (options !== undefined) given.add(options);
  }
  const order = [...new Set(texts.values())].toSorted();
  const position = new Map(order.map((text, index) => [text, index]));
  const places = new Map([...texts].map(([headers, text]) => [headers, position.get(text) ?? 0]));
  const byText = new Map([...texts].map(([headers, text]) => [text, headers]));
  const sets = order.map((text) => sortedHeaders(byText.get(text) ?? {}));
  return { sets, places, options: [...given].toSorted() };
}

function sortedHeaders(headers: LedgerFile["headers"]): Partial<ObjectHeaders> {
  return Object.fromEntries(Object.entries(headers).toSorted(([left], [right]) => (left < right ? -1 : 1)));
}
