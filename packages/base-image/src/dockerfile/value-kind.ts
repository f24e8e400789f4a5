import { inspect } from "node:util";

import { BaseImageError } from "../errors.ts";
import { assertKnownKeys, nearest } from "./known-keys.ts";

/** What a value must be; node takes the types off a definition without checking them. */
export interface ValueKind {
  readonly expected: string;
  readonly holds: (value: unknown) => boolean;
  /** The words it takes, where there are only some. */
  readonly words?: readonly string[];
}

/** The kinds of an object's values, by key. */
export type ShapeKinds = Readonly<Record<string, ValueKind>>;

export const STRING: ValueKind = { expected: "a string", holds: isWritable };
export const WORDS: ValueKind = {
  expected: "a string that is not empty",
  holds: (value) => isWritable(value) && value !== "",
};
export const BOOLEAN: ValueKind = { expected: "true or false", holds: (value) => typeof value === "boolean" };
export const FUNCTION: ValueKind = { expected: "a function", holds: (value) => typeof value === "function" };
export const ID: ValueKind = {
  expected: "a number that is not negative",
  holds: (value) => Number.isSafeInteger(value) && Number(value) >= 0,
};
export const MODE: ValueKind = matching(/^0?[0-7]{3,4}$/, 'an octal mode, as "0644"');

/** Whether a value is a string that a file of UTF-8, and then a program's arguments, can hold. */
export function isWritable(value: unknown): value is string {
  return typeof value === "string" && value.isWellFormed() && !value.includes("\0");
}

/** A string of this form. */
export function matching(pattern: RegExp, expected: string): ValueKind {
  return { expected, holds: (value) => typeof value === "string" && pattern.test(value) };
}

/** One of a few words. */
export function oneOf(...words: readonly string[]): ValueKind {
  return { expected: words.join(", "), words, holds: (value) => typeof value === "string" && words.includes(value) };
}

/** A list of values of one kind. */
export function listOf(kind: ValueKind, least = 0): ValueKind {
  const expected = `a list where each is ${kind.expected}${least === 0 ? "" : `, at least ${least}`}`;
  return {
    expected,
    holds: (value) =>
      Array.isArray(value) && value.length >= least && Array.from<unknown>(value).every((item) => kind.holds(item)),
  };
}

/** This kind, or nothing at all. */
export function optional(kind: ValueKind): ValueKind {
  return { ...kind, holds: (value) => value === undefined || kind.holds(value) };
}

/** One of two kinds. */
export function either(one: ValueKind, other: ValueKind): ValueKind {
  return {
    expected: `${one.expected}, or ${other.expected}`,
    holds: (value) => one.holds(value) || other.holds(value),
  };
}

/** Refuses a value of another kind; `place` is the call, `argument` what it is called there. */
export function assertKind(kind: ValueKind, value: unknown, place: string, argument: string): void {
  if (kind.holds(value)) return;
  const near = typeof value === "string" ? nearest(value, kind.words ?? []) : undefined;
  const hint = near === undefined ? unwritableHint(value) : `Did you mean ${near}?`;
  throw new BaseImageError(
    "BASE_IMAGE_INVALID_VALUE",
    `${place}: ${argument} is ${shown(value)}; expected ${kind.expected}`,
    hint === undefined ? {} : { hint },
  );
}

function unwritableHint(value: unknown): string | undefined {
  const texts = [value].flat(2).filter((each) => typeof each === "string");
  return texts.every(isWritable)
    ? undefined
    : "Take out the NUL, or the half of a surrogate pair: no file can hold it.";
}

/** Refuses what is not an object, keys it does not have, and values of another kind. */
export function assertShape(value: unknown, kinds: ShapeKinds, place: string, argument = "its argument"): void {
  const keys = Object.keys(kinds);
  assertObject(value, place, argument, `an object with ${keys.join(", ")}`);
  assertKnownKeys(value, keys, place);
  const values = new Map<string, unknown>(Object.entries(value));
  for (const [key, kind] of Object.entries(kinds)) assertKind(kind, values.get(key), place, key);
}

/** Refuses what is not an object whose values are all of one kind. */
export function assertRecord(value: unknown, kind: ValueKind, place: string, argument: string): void {
  assertObject(value, place, argument, `an object whose values are each ${kind.expected}`);
  for (const [key, entry] of Object.entries(value)) {
    assertKind(STRING, key, place, `a key of ${argument}`);
    assertKind(kind, entry, place, key);
  }
}

function assertObject(value: unknown, place: string, argument: string, expected: string): asserts value is object {
  assertKind({ expected, holds: isPlainObject }, value, place, argument);
}

function isPlainObject(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

function shown(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.length > 200 ? `${value.slice(0, 200)}…` : value);
  return inspect(value, { depth: 1, breakLength: Infinity, maxArrayLength: 8, maxStringLength: 80 }).slice(0, 300);
}
