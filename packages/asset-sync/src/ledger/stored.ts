import { isMembers, type Members } from "../config/members.ts";
import { isReleaseId } from "../config/release.ts";
import { DIGEST_BYTES } from "../scan/digest-table.ts";
import { HEADER_NAMES, type HeaderName, type ObjectHeaders } from "../scan/headers.ts";
import type { Collection, Conditions } from "./ledger.ts";
import type { StoredRelease } from "./stored-release.ts";

/** The format's name; a reader that does not know it must leave the ledger alone. */
export const LEDGER_FORMAT = "slipway-ledger/1";

/** Characters of base64 that are looked at at once: whole groups of four. */
const BASE64_AT_ONCE = 4 * 4096;

/** Columns rather than rows: like stands beside like, which packs best. */
export interface StoredLedger {
  readonly format: typeof LEDGER_FORMAT;
  readonly conditions?: Conditions;
  readonly collection?: Collection;
  readonly headers: readonly Partial<ObjectHeaders>[];
  /** Those that files were stored with, if any was. */
  readonly options?: readonly string[];
  readonly files: {
    readonly key: readonly string[];
    readonly size: readonly number[];
    /** 32 bytes a file, one after the other, in base64: shorter and faster to read than hex. */
    readonly sha256: string;
    readonly headers: readonly number[];
    readonly revision: readonly number[];
    /** Places in `options`, counted from 1; 0 for a file without. */
    readonly options?: readonly number[];
  };
  readonly releases: Readonly<Record<string, StoredRelease>>;
}

/** The least and the most that a number may be. */
type Range = readonly [from: number, to: number];

/** The last second that a date can name: https://tc39.es/ecma262/#sec-time-values-and-time-range */
const LAST_SECOND = 8.64e12;

/** One more revision than the highest there is must still be a number of its own. */
const LAST_REVISION = Number.MAX_SAFE_INTEGER - 1;

/** A part of a key that is empty or leads elsewhere. */
const STRANGE_PART = /(?:^|\/)\.{0,2}(?:\/|$)/;

const EVERY_FILE_HAS: ReadonlySet<HeaderName> = new Set(["cache-control", "content-type"]);

/**
 * What is wrong with a value as a stored ledger, every field looked at; undefined when nothing is. A ledger that is read
 * is written anew, so whatever would be lost or passed on by that counts as wrong.
 */
export function storedFault(value: Members): string | undefined {
  const { headers, files, releases } = value;
  if (!Array.isArray(headers)) return "headers is not a list";
  if (!isMembers(files)) return "files is not an object";
  if (!isMembers(releases)) return "releases is not an object";
  return (
    strangeMember("the ledger", value, [
      "format",
      "conditions",
      "collection",
      "headers",
      "options",
      "files",
      "releases",
    ]) ??
    conditionsFault(value["conditions"]) ??
    collectionFault(value["collection"]) ??
    firstFault(headers, (set, index) => headersFault(`headers[${index}]`, set)) ??
    strangeMember("files", files, ["key", "size", "sha256", "headers", "revision", "options"]) ??
    filesFault(files, headers.length) ??
    optionsFault(value["options"], files) ??
    firstFault(Object.entries(releases), ([id, release]) => releaseFault(id, release, lengthOf(files["key"])))
  );
}

function conditionsFault(conditions: unknown): string | undefined {
  const known = conditions === undefined || conditions === "kept" || conditions === "ignored";
  return known ? undefined : "conditions is neither kept nor ignored";
}

function collectionFault(collection: unknown): string | undefined {
  if (collection === undefined) return undefined;
  if (!isMembers(collection)) return "collection is not an object";
  const { revision, claims } = collection;
  if (!Array.isArray(claims)) return "collection.claims is not a list";
  return (
    strangeMember("collection", collection, ["revision", "claims"]) ??
    integerFault("collection.revision", revision, [1, LAST_REVISION]) ??
    firstFault(claims, (claim, index) => claimFault(`collection.claims[${index}]`, claim))
  );
}

function claimFault(name: string, claim: unknown): string | undefined {
  if (!isMembers(claim)) return `${name} is not an object`;
  const { revision, id, keys, until } = claim;
  if (!Array.isArray(keys)) return `${name}.keys is not a list`;
  return (
    strangeMember(name, claim, ["revision", "id", "keys", "until"]) ??
    integerFault(`${name}.revision`, revision, [1, LAST_REVISION]) ??
    (id === undefined || isClaimId(id) ? undefined : `${name}.id is not 16 hex digits`) ??
    integerFault(`${name}.until`, until, [0, LAST_SECOND]) ??
    keysFault(`${name}.keys`, keys)
  );
}

function isClaimId(id: unknown): boolean {
  return typeof id === "string" && /^[0-9a-f]{16}$/.test(id);
}

function headersFault(name: string, set: unknown): string | undefined {
  if (!isMembers(set)) return `${name} is not an object`;
  if (Object.keys(set).length === 0) return undefined;
  for (const header of HEADER_NAMES) {
    const text = set[header];
    if (text === undefined && !EVERY_FILE_HAS.has(header)) continue;
    if (typeof text !== "string" || !/^[\u0020-\u007e]+$/.test(text)) return `${name} has no good ${header}`;
  }
  return strangeMember(name, set, HEADER_NAMES);
}

function filesFault(files: Members, headerSets: number): string | undefined {
  const { key, size, sha256, headers, revision } = files;
  if (!Array.isArray(key)) return "files.key is not a list";
  return (
    keysFault("files.key", key) ??
    columnFault("size", size, key.length, [0, Number.MAX_SAFE_INTEGER]) ??
    columnFault("headers", headers, key.length, [0, headerSets - 1]) ??
    columnFault("revision", revision, key.length, [1, LAST_REVISION]) ??
    digestsFault(sha256, key.length)
  );
}

function optionsFault(options: unknown, files: Members): string | undefined {
  if (options === undefined) return files["options"] === undefined ? undefined : "options is not a list";
  if (!Array.isArray(options)) return "options is not a list";
  const wrong = options.findIndex((one) => typeof one !== "string" || !/^[0-9a-f]{16}$/.test(one));
  if (wrong !== -1) return `options[${wrong}] is not a digest`;
  return columnFault("options", files["options"], lengthOf(files["key"]), [0, options.length]);
}

function keysFault(name: string, keys: readonly unknown[]): string | undefined {
  for (let index = 0; index < keys.length; index += 1) {
    const fault = keyFault(keys[index], keys[index - 1]);
    if (fault !== undefined) return `${name}[${index}] ${fault}`;
  }
  return undefined;
}

function keyFault(key: unknown, before: unknown): string | undefined {
  if (typeof key !== "string") return "is not a text";
  if (STRANGE_PART.test(key)) return "is not a key";
  if (typeof before === "string" && before >= key) return "does not follow the one before it";
  return undefined;
}

function columnFault(name: string, column: unknown, rows: number, range: Range): string | undefined {
  if (!Array.isArray(column)) return `files.${name} is not a list`;
  if (column.length !== rows) return `files.${name} has ${column.length} rows, files.key ${rows}`;
  const wrong = column.findIndex((one) => !isInteger(one, range));
  return wrong === -1 ? undefined : integerFault(`files.${name}[${wrong}]`, column[wrong], range);
}

/** Digests are base64 in what was read, and bytes in what is going to be written. */
function digestsFault(sha256: unknown, rows: number): string | undefined {
  if (typeof sha256 !== "string" && !Buffer.isBuffer(sha256)) return "files.sha256 is not a text";
  const length = typeof sha256 === "string" ? lengthOfBase64(sha256) : sha256.length;
  if (length === undefined) return "files.sha256 is not base64";
  return length === rows * DIGEST_BYTES ? undefined : `files.sha256 has ${length} bytes for ${rows} rows`;
}

/** How many bytes a text of base64 stands for, looked at a piece at a time; undefined for a text that is none. */
function lengthOfBase64(text: string): number | undefined {
  let length = 0;
  for (let at = 0; at < text.length; at += BASE64_AT_ONCE) {
    const piece = text.slice(at, at + BASE64_AT_ONCE);
    const bytes = Buffer.from(piece, "base64");
    // Reading base64 passes over what does not belong in it, and padding, which makes no whole group, ends it.
    if (bytes.toString("base64") !== piece || length % 3 !== 0) return undefined;
    length += bytes.length;
  }
  return length;
}

function releaseFault(id: string, release: unknown, keys: number): string | undefined {
  const name = `releases[${JSON.stringify(id.slice(0, 80))}]`;
  if (!isReleaseId(id)) return `${name} is not the name of a release`;
  if (!isMembers(release)) return `${name} is not an object`;
  const { at, pins, runs } = release;
  return (
    strangeMember(name, release, ["at", "pins", "runs"]) ??
    integerFault(`${name}.at`, at, [0, LAST_SECOND]) ??
    (pins === undefined ? undefined : integerFault(`${name}.pins`, pins, [1, LAST_REVISION])) ??
    runsFault(`${name}.runs`, runs, keys)
  );
}

function runsFault(name: string, runs: unknown, keys: number): string | undefined {
  if (!Array.isArray(runs)) return `${name} is not a list`;
  const first: Range = [0, keys];
  const next: Range = [1, keys];
  const wrong = runs.findIndex((run, index) => !isInteger(run, index === 0 ? first : next));
  if (wrong !== -1) return integerFault(`${name}[${wrong}]`, runs[wrong], wrong === 0 ? first : next);
  const sum = runs.reduce((before: number, run: number) => before + run, 0);
  return sum > keys ? `${name} covers ${sum} keys of ${keys}` : undefined;
}

function integerFault(name: string, value: unknown, range: Range): string | undefined {
  return isInteger(value, range) ? undefined : `${name} is not an integer from ${range[0]} to ${range[1]}`;
}

/** Asked of hundreds of thousands of numbers: to take the range apart costs more than the answer. */
function isInteger(value: unknown, range: Range): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= range[0] && value <= range[1];
}

function strangeMember(name: string, value: Members, known: readonly string[]): string | undefined {
  const strange = Object.keys(value).find((member) => !known.includes(member));
  return strange === undefined ? undefined : `${name} has an unknown member ${JSON.stringify(strange.slice(0, 80))}`;
}

function firstFault<T>(
  values: readonly T[],
  faultOf: (value: T, index: number) => string | undefined,
): string | undefined {
  for (const [index, value] of values.entries()) {
    const fault = faultOf(value, index);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function lengthOf(column: unknown): number {
  return Array.isArray(column) ? column.length : 0;
}
