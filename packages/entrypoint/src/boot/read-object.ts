import type { ExitCodeMap } from "../process/exit-codes.ts";
import { below, describe, invalid, readKey, type Place, type Value } from "./read-value.ts";
import type { KeyRow } from "./key-row.ts";
import { suggest } from "./spelling.ts";

/** The values of an object whose rules they passed; asking for a value of another kind is a bug. */
export interface Values {
  text(key: string): string;
  optionalText(key: string): string | undefined;
  number(key: string): number;
  optionalNumber(key: string): number | undefined;
  flag(key: string): boolean;
  words(key: string): readonly string[];
  optionalWords(key: string): readonly string[];
  exitCodes(key: string): ExitCodeMap;
  /** The words as they stand in the file, with variables as names: fit to be printed. */
  shown(key: string): string;
}

/** Reads the keys of an object by their rules. */
export function readKeys(object: ReadonlyMap<string, unknown>, rows: readonly KeyRow[], place: Place): Values {
  const values = new Map(rows.map((row) => [row.key, readKey(row, object.get(row.key), below(place, row.key))]));
  const get = <T extends Value>(key: string, fits: (value: Value) => value is T): T => {
    const value = values.get(key);
    if (value === undefined || !fits(value)) throw new Error(`the rule of ${key} let ${describe(value)} through`);
    return value;
  };
  return {
    text: (key) => get(key, isText),
    optionalText: (key) => (values.get(key) === undefined ? undefined : get(key, isText)),
    number: (key) => get(key, isNumber),
    optionalNumber: (key) => (values.get(key) === undefined ? undefined : get(key, isNumber)),
    flag: (key) => get(key, (value) => typeof value === "boolean"),
    words: (key) => get(key, (value) => Array.isArray(value)),
    optionalWords: (key) => (values.get(key) === undefined ? [] : get(key, (value) => Array.isArray(value))),
    exitCodes: (key) => (values.get(key) === undefined ? new Map() : get(key, (value) => value instanceof Map)),
    shown: (key) => [object.get(key)].flat().join(" "),
  };
}

function isText(value: Value): value is string {
  return typeof value === "string";
}

function isNumber(value: Value): value is number {
  return typeof value === "number";
}

/** An object's keys and values. */
export function asObject(value: unknown, place: Place): ReadonlyMap<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return new Map(Object.entries(value));
  throw invalid(place.path === "" ? "the definition" : place.path, `${describe(value)}, expected an object`);
}

/** Refuses a key that is not known. */
export function refuseUnknown(object: ReadonlyMap<string, unknown>, known: readonly string[], place: Place): void {
  const unknown = [...object.keys()].find((key) => !known.includes(key));
  if (unknown === undefined) return;
  throw invalid(below(place, unknown).path, `there is no such key: ${suggest(unknown, known)}`);
}
