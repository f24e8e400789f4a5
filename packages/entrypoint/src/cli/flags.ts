import { suggest } from "../boot/spelling.ts";
import { EntrypointError } from "../errors.ts";

/** The flags of a verb and the words after `--`. */
export interface ParsedFlags {
  readonly values: Readonly<Record<string, string | true>>;
  /** `undefined` when there is no `--`. */
  readonly command: readonly string[] | undefined;
}

/** Flag names; those that are `true` take a value, as `--name value` or `--name=value`. */
export type FlagTable = Readonly<Record<string, boolean>>;

/**
 * Reads the flags before `--`.
 * @throws EntrypointError `ENTRYPOINT_FLAG_UNKNOWN`
 */
export function readFlags(verb: string, args: readonly string[], table: FlagTable): ParsedFlags {
  const split = args.indexOf("--");
  const own = [...(split === -1 ? args : args.slice(0, split))];
  const values: Record<string, string | true> = {};
  for (let word = own.shift(); word !== undefined; word = own.shift()) {
    const [name = "", ...inline] = word.split("=");
    if (!Object.hasOwn(table, name)) throw unknownFlag(verb, word, Object.keys(table));
    values[name] =
      table[name] === true ? valueOf(verb, name, inline.length > 0 ? inline.join("=") : own.shift()) : true;
    if (table[name] !== true && inline.length > 0) throw wrongFlag(verb, `${name} takes no value`);
  }
  return { values, command: split === -1 ? undefined : args.slice(split + 1) };
}

function valueOf(verb: string, name: string, value: string | undefined): string {
  if (value === undefined || value === "") throw wrongFlag(verb, `${name} needs a value`);
  return value;
}

function unknownFlag(verb: string, word: string, known: readonly string[]): EntrypointError {
  if (!word.startsWith("-")) {
    return wrongFlag(verb, `unexpected ${JSON.stringify(word)}: the app's command goes after --`);
  }
  return wrongFlag(verb, `unknown flag ${word}: ${suggest(word.split("=")[0] ?? word, known)}`);
}

function wrongFlag(verb: string, problem: string): EntrypointError {
  return new EntrypointError("ENTRYPOINT_FLAG_UNKNOWN", { message: `${verb}: ${problem}` });
}
