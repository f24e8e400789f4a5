import { EntrypointError } from "../errors.ts";
import type { ExitCodeMap } from "../process/exit-codes.ts";
import { isReference } from "../task/secrets/reference.ts";
import { durationMs } from "./duration.ts";
import { interpolate, variablesOf } from "./interpolate.ts";
import type { KeyRow, ValueRule } from "./key-row.ts";
import { suggest } from "./spelling.ts";
import { refuseUrl } from "./refuse-url.ts";

/** Where a value stands and what variables there are. */
export interface Place {
  readonly path: string;
  readonly env: Readonly<NodeJS.ProcessEnv>;
  /** Variables that no command line may hold. */
  readonly secrets?: ReadonlySet<string>;
}

/** A value that its rule has let through: a duration is milliseconds. */
export type Value = string | number | boolean | readonly string[] | ExitCodeMap;

/** Where a key stands. */
export function below(place: Place, key: string): Place {
  return { ...place, path: place.path === "" ? key : `${place.path}.${key}` };
}

/** A value as messages show it: the plain text of the file, in which variables are still names. */
export function describe(value: unknown): string {
  if (value === undefined) return "missing";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (typeof value === "object" && value !== null) return "an object";
  return JSON.stringify(value).slice(0, 80);
}

/** The error of a value at a path. */
export function invalid(path: string, problem: string): EntrypointError {
  return new EntrypointError("ENTRYPOINT_DEFINITION_INVALID", { message: `${path}: ${problem}` });
}

/**
 * The value of a key, or its fallback.
 * @throws EntrypointError `ENTRYPOINT_DEFINITION_INVALID`, `ENTRYPOINT_VARIABLE_UNSET`
 */
export function readKey(row: KeyRow, given: unknown, place: Place): Value | undefined {
  const value = given === undefined ? row.fallback : given;
  if (value === undefined && !row.required) return undefined;
  const read = READERS[row.rule.kind] as Reader<ValueRule>;
  return read(value, row.rule, place);
}

type Reader<Rule> = (value: unknown, rule: Rule, place: Place) => Value;

const READERS: { readonly [Kind in ValueRule["kind"]]: Reader<Extract<ValueRule, { readonly kind: Kind }>> } = {
  text: (value, _, place) => readText(value, place, "a text that is not empty"),
  name: (value, _, place) => readName(value, place),
  names: (value, _, place) => {
    if (!Array.isArray(value) || value.length === 0)
      throw invalid(place.path, `${describe(value)}, expected a list of names, e.g. ["migrate"]`);
    return value.map((name: unknown, index) => readName(name, { ...place, path: `${place.path}[${String(index)}]` }));
  },
  flag: (value, _, { path }) => {
    if (typeof value === "boolean") return value;
    throw invalid(path, `${describe(value)}, expected true or false`);
  },
  words: (value, _, place) => {
    const expected = `a list of words, e.g. ["bin/rails", "db:migrate"]`;
    if (!Array.isArray(value) || value.length === 0)
      throw invalid(place.path, `${describe(value)}, expected ${expected}`);
    return value.map((word: unknown, index) => readWord(word, { ...place, path: `${place.path}[${String(index)}]` }));
  },
  duration: (value, { leastMs = 1, mostMs = Infinity }, place) => {
    const expected = `a duration, e.g. "500ms", "60s", "15m"`;
    const ms = durationMs(readText(value, place, expected));
    if (ms === undefined) throw invalid(place.path, `${describe(value)}, expected ${expected}`);
    if (ms >= leastMs && ms <= mostMs) return ms;
    const most = mostMs === Infinity ? "on" : `to ${String(mostMs / 1000)}s`;
    const range = `from ${String(leastMs / 1000)}s ${most}`;
    throw invalid(place.path, `${describe(value)}, expected a duration ${range}`);
  },
  count: (value, { least, most }, place) => {
    if (typeof value === "number" && Number.isInteger(value) && value >= least && value <= most) return value;
    const range = `from ${String(least)} to ${String(most)}`;
    throw invalid(place.path, `${describe(value)}, expected a whole number ${range}`);
  },
  url: (value, { schemes }, place) => {
    const text = readText(value, place, `a URL (${schemes.map((scheme) => `${scheme}//`).join(", ")})`);
    // Only what explain prints has references left.
    const refusal = isReference(text) ? undefined : refuseUrl(text, schemes);
    if (refusal === undefined) return text;
    // Of the text only the names of its variables: what stands beside them may be a password.
    const names = typeof value === "string" ? variablesOf(value) : [];
    throw invalid(place.path, `${names.length === 0 ? "" : `the value of ${names.join("")} is wrong: `}${refusal}`);
  },
  choice: (value, { of: all }, place) => {
    if (typeof value === "string" && all.includes(value)) return value;
    const hint = typeof value === "string" ? suggest(value, all) : `expected one of ${all.join(", ")}`;
    throw invalid(place.path, `${describe(value)}: ${hint}`);
  },
  mode: (value, _, place) => {
    const expected = `octal digits as a text, e.g. "0640"`;
    const text = readText(value, place, expected);
    if (!/^0?[0-7]{3}$/.test(text)) throw invalid(place.path, `${describe(value)}, expected ${expected}`);
    return Number.parseInt(text, 8);
  },
  choices: (value, { of: all }, place) => {
    if (!Array.isArray(value) || value.length === 0) {
      throw invalid(place.path, `${describe(value)}, expected a list of ${all.join(", ")}`);
    }
    return value.map((one: unknown, index) => {
      if (typeof one === "string" && all.includes(one)) return one;
      const hint = typeof one === "string" ? suggest(one, all) : `expected one of ${all.join(", ")}`;
      throw invalid(`${place.path}[${String(index)}]`, `${describe(one)}: ${hint}`);
    });
  },
  "exit-codes": (value, _, place) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw invalid(place.path, `${describe(value)}, expected exit codes, e.g. { "143": 0 }`);
    }
    return new Map(Object.entries(value).map(([from, to]) => readExitCode(from, to, below(place, from))));
  },
};

/** What tasks and processes may be called: it stands in variables, before lines and in events. */
export const NAME: RegExp = /^[A-Za-z0-9_-]+$/;

/** @throws EntrypointError `ENTRYPOINT_DEFINITION_INVALID` */
function readExitCode(from: string, to: unknown, place: Place): readonly [number, number] {
  const range = "a whole number from 0 to 255";
  if (!isExitCode(Number(from)) || !/^\d+$/.test(from))
    throw invalid(place.path, `${describe(from)}, expected ${range}`);
  if (!isExitCode(to)) throw invalid(place.path, `${describe(to)}, expected ${range}`);
  return [Number(from), to];
}

function isExitCode(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= 255;
}

/**
 * The exit codes of `ENTRYPOINT_EXIT_CODES`, as `143=0,130=0`.
 * @throws EntrypointError `ENTRYPOINT_DEFINITION_INVALID`
 */
export function readExitCodes(text: string, path: string): ExitCodeMap {
  return new Map(
    text.split(",").map((pair) => {
      const [, from, to] = /^\s*(\d+)=(\d+)\s*$/.exec(pair) ?? [];
      if (from === undefined || to === undefined) throw invalid(path, `${describe(pair)}, expected e.g. 143=0,130=0`);
      return readExitCode(from, Number(to), { path, env: {} });
    }),
  );
}

function readName(value: unknown, place: Place): string {
  const expected = "letters, digits, - and _";
  const text = readText(value, place, expected);
  if (NAME.test(text)) return text;
  throw invalid(place.path, `${describe(value)}, expected a name of ${expected}`);
}

function readText(value: unknown, place: Place, expected: string): string {
  const text = typeof value === "string" ? withoutNul(interpolate(value, place.path, place.env), place) : "";
  if (text !== "") return text;
  const emptied = typeof value === "string" && value !== "" ? `the value of ${value} is empty` : describe(value);
  throw invalid(place.path, `${emptied}, expected ${expected}`);
}

function readWord(word: unknown, place: Place): string {
  if (typeof word !== "string") throw invalid(place.path, `${describe(word)}, expected a text`);
  const secret = variablesOf(word).find((name) => place.secrets?.has(name.slice(2, -1)) === true);
  if (secret !== undefined) {
    throw invalid(
      place.path,
      `${secret} is a secret, and every process can read a command line; let the command read the variable`,
    );
  }
  return withoutNul(interpolate(word, place.path, place.env), place);
}

function withoutNul(text: string, { path }: Place): string {
  if (text.includes("\0"))
    throw invalid(path, "there is a NUL character in it, which no argument and no path can have");
  return text;
}
