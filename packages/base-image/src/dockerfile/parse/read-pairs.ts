import type { Instruction, PairsInstruction } from "../instruction.ts";
import type { Draft } from "./draft.ts";
import { shown } from "./fault.ts";
import { checkFlags } from "./flags.ts";
import type { ParsedWord } from "./parsed.ts";
import { isBlank } from "./space.ts";

/** `ARG`, whose flags BuildKit never looks at and whose names it takes as they are. */
export function readArg(draft: Draft): Instruction | undefined {
  if (draft.words.length === 0) return draft.fault("arguments", "ARG requires at least one argument");
  const args = [];
  for (const word of draft.words) {
    const { key, value } = pairOf(word);
    if (key.text === "") return draft.fault("pairs", "ARG names can not be blank", word, "Write a name before the =.");
    const text = value && draft.expandable(value);
    if (value !== undefined && text === undefined) return undefined;
    args.push({ name: key.text, ...(text !== undefined && { value: text }) });
  }
  return { instruction: "ARG", args };
}

/** `ENV` and `LABEL`: `NAME=value` pairs, or the old form of a name, a blank and a value that is the rest of the line. */
export function readPairs(draft: Draft, instruction: PairsInstruction["instruction"]): Instruction | undefined {
  const [first] = draft.words;
  if (first !== undefined && !first.text.includes("=")) {
    const words = legacyPair(draft);
    if (words === undefined)
      return draft.fault("pairs", `${instruction} must have two arguments; found only ${shown(first.text)}`, first);
    draft.words = words;
  }
  const legacy = first !== undefined && !first.text.includes("=");
  const stray = draft.words.find(({ text }) => !legacy && !text.includes("="));
  if (stray !== undefined) {
    const message = `Syntax error - can't find = in ${shown(stray.text)}. Must be of the form: name=value`;
    return draft.fault("pairs", message, stray);
  }
  if (checkFlags(draft) === undefined) return undefined;
  if (first === undefined) return draft.fault("arguments", `${instruction} requires at least one argument`);
  return legacy ? readPair(draft, instruction, draft.words) : pairsOf(draft, instruction);
}

function pairsOf(draft: Draft, instruction: PairsInstruction["instruction"]): Instruction | undefined {
  const pairs = [];
  for (const word of draft.words) {
    const { key, value = { ...word, text: "" } } = pairOf(word);
    if (key.text === "")
      return draft.fault("pairs", `${instruction} names can not be blank`, word, "Write a name before the =.");
    const name = draft.expandable(key);
    const text = draft.expandable(value);
    if (name === undefined || text === undefined) return undefined;
    pairs.push({ key: name, value: text });
  }
  return { instruction, pairs };
}

function readPair(
  draft: Draft,
  instruction: PairsInstruction["instruction"],
  words: readonly ParsedWord[],
): Instruction | undefined {
  const [key, value] = draft.expandables(words) ?? [];
  return key === undefined || value === undefined ? undefined : { instruction, pairs: [{ key, value }] };
}

function legacyPair({ text, split: { args } }: Draft): readonly ParsedWord[] | undefined {
  let end = args.start;
  while (end < args.end && !isBlank(text.charCodeAt(end))) end += 1;
  if (end === args.end) return undefined;
  let start = end;
  while (start < args.end && isBlank(text.charCodeAt(start))) start += 1;
  return [
    { text: text.slice(args.start, end), start: args.start, end },
    { text: text.slice(start, args.end), start, end: args.end },
  ];
}

function pairOf(word: ParsedWord): { readonly key: ParsedWord; readonly value?: ParsedWord } {
  const sign = word.text.indexOf("=");
  if (sign === -1) return { key: word };
  const middle = word.start + sign;
  return {
    key: { text: word.text.slice(0, sign), start: word.start, end: middle },
    value: { text: word.text.slice(sign + 1), start: middle + 1, end: word.end },
  };
}
