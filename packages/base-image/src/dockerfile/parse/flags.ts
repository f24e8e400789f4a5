import { nearest } from "../known-keys.ts";
import type { Draft } from "./draft.ts";
import { shown } from "./fault.ts";
import type { ParsedFlag } from "./parsed.ts";

type FlagKind = "boolean" | "string" | "strings";

const COPY: Readonly<Record<string, FlagKind>> = {
  chown: "string",
  chmod: "string",
  link: "boolean",
  exclude: "strings",
};

/** The flags of each instruction; those of an instruction that is not here are none. */
const FLAGS: Readonly<Record<string, Readonly<Record<string, FlagKind>>>> = {
  FROM: { platform: "string" },
  RUN: { mount: "strings", network: "string", security: "string", device: "strings" },
  COPY: { ...COPY, from: "string", parents: "boolean" },
  ADD: { ...COPY, checksum: "string", "keep-git-dir": "boolean", unpack: "boolean" },
  HEALTHCHECK: {
    interval: "string",
    timeout: "string",
    "start-period": "string",
    "start-interval": "string",
    retries: "string",
  },
};
const NONE: Readonly<Record<string, FlagKind>> = {};

/** A flag with a value. */
export type ValuedFlag = ParsedFlag & { readonly value: string };

/** The flags of an instruction, checked. */
export class Flags {
  private readonly flags: readonly ParsedFlag[];

  constructor(flags: readonly ParsedFlag[]) {
    this.flags = flags;
  }

  /** The flag of this name that has a value, if any. */
  one(name: string): ValuedFlag | undefined {
    return this.flags.find((flag): flag is ValuedFlag => flag.name === name && flag.value !== undefined);
  }

  all(name: string): readonly ValuedFlag[] {
    return this.flags.filter((flag): flag is ValuedFlag => flag.name === name && flag.value !== undefined);
  }

  /** A flag that is on or off; nothing where it is not there. */
  switch(name: string): boolean | undefined {
    const flag = this.flags.find((candidate) => candidate.name === name);
    return flag && flag.value?.toLowerCase() !== "false";
  }
}

const NO_FLAGS = new Flags([]);

/** Checks names, doubles and the form of values; nothing when one is wrong, which is said. */
export function checkFlags(draft: Draft): Flags | undefined {
  if (draft.split.flags.length === 0) return NO_FLAGS;
  const known = FLAGS[draft.name] ?? NONE;
  const { flags } = draft.split;
  for (const flag of flags) {
    const kind = Object.hasOwn(known, flag.name) ? known[flag.name] : undefined;
    if (kind === undefined) return unknown(draft, flag, Object.keys(known));
    if (kind !== "strings" && flags.find(({ name }) => name === flag.name) !== flag)
      return draft.fault("flag-value", `duplicate flag specified: --${flag.name}`, flag, "Keep one of them.");
    const wrong = checkValue(flag, kind);
    if (wrong !== undefined) return draft.fault("flag-value", wrong, flag);
  }
  return new Flags(flags);
}

function checkValue({ name, value }: ParsedFlag, kind: FlagKind): string | undefined {
  if (kind !== "boolean") return value === undefined ? `missing a value on flag: --${name}` : undefined;
  if (value === undefined) return undefined;
  if (value === "") return `missing a value on flag: --${name}`;
  if (/^(?:true|false)$/i.test(value)) return undefined;
  return `expecting boolean value for flag --${name}, not: ${shown(value)}`;
}

function unknown(draft: Draft, flag: ParsedFlag, known: readonly string[]): undefined {
  const near = nearest(flag.name.slice(0, 40), known);
  const message = `${draft.name} has no flag ${shown(`--${flag.name}`)}`;
  return draft.fault("unknown-flag", message, flag, near === undefined ? undefined : `Did you mean --${near}?`);
}
