import type { Instruction } from "../instruction.ts";
import type { Text } from "../text.ts";
import type { Draft } from "./draft.ts";
import { shown } from "./fault.ts";
import { checkFlags } from "./flags.ts";
import { checkPort } from "./port.ts";
import { isSignal } from "./signal.ts";

/** `WORKDIR` and `USER`: the rest of the line is one word. */
export function readRest(draft: Draft, instruction: "WORKDIR" | "USER"): Instruction | undefined {
  const [word] = draft.words;
  if (word === undefined) return draft.fault("arguments", `${instruction} requires exactly one argument`);
  const value = checkFlags(draft) && draft.expandable(word);
  return value === undefined ? undefined : { instruction, value };
}

/** `STOPSIGNAL`, whose flags BuildKit never looks at. */
export function readStopSignal(draft: Draft): Instruction | undefined {
  const [word] = draft.words;
  if (word === undefined) return draft.fault("arguments", "STOPSIGNAL requires exactly one argument");
  const value = draft.expandable(word);
  if (value === undefined) return undefined;
  if (typeof value === "string" && !isSignal(value))
    return draft.fault("signal", `invalid signal: ${shown(value)}`, word);
  return { instruction: "STOPSIGNAL", value };
}

/** `EXPOSE` */
export function readExpose(draft: Draft): Instruction | undefined {
  const values = readList(draft);
  if (values === undefined) return undefined;
  for (const [index, value] of values.entries()) {
    const wrong = typeof value === "string" ? checkPort(value) : undefined;
    if (wrong !== undefined) return draft.fault("port", wrong, draft.words[index]);
  }
  return { instruction: "EXPOSE", values };
}

/** `VOLUME` */
export function readVolume(draft: Draft): Instruction | undefined {
  draft.words = draft.words.map((word) => ({ ...word, text: word.text.trim() }));
  const values = readList(draft);
  const empty = values?.indexOf("") ?? -1;
  if (empty !== -1) return draft.fault("arguments", "VOLUME specified can not be an empty string", draft.words[empty]);
  return values && { instruction: "VOLUME", values };
}

function readList(draft: Draft): readonly Text[] | undefined {
  if (draft.words.length === 0) return draft.fault("arguments", `${draft.name} requires at least one argument`);
  return checkFlags(draft) && draft.expandables(draft.words);
}
