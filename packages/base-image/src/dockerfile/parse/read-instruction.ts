import type { Instruction } from "../instruction.ts";
import { nearest } from "../known-keys.ts";
import type { Draft } from "./draft.ts";
import { shown } from "./fault.ts";
import { checkFlags } from "./flags.ts";
import { readAdd, readCopy } from "./read-copy.ts";
import { readRun } from "./read-run.ts";
import { readHealthcheck, readShell, readStart } from "./read-start.ts";
import { readFrom } from "./read-from.ts";
import { readArg, readPairs } from "./read-pairs.ts";
import { readExpose, readRest, readStopSignal, readVolume } from "./read-values.ts";
import { FORMS } from "./read-words.ts";

type Reader = (draft: Draft) => Instruction | undefined;

const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ["ADD", readAdd],
  ["ARG", readArg],
  ["CMD", (draft) => readStart(draft, "CMD")],
  ["COPY", readCopy],
  ["ENTRYPOINT", (draft) => readStart(draft, "ENTRYPOINT")],
  ["ENV", (draft) => readPairs(draft, "ENV")],
  ["EXPOSE", readExpose],
  ["FROM", readFrom],
  ["HEALTHCHECK", readHealthcheck],
  ["LABEL", (draft) => readPairs(draft, "LABEL")],
  ["MAINTAINER", readMaintainer],
  ["ONBUILD", readOnbuild],
  ["RUN", readRun],
  ["SHELL", readShell],
  ["STOPSIGNAL", readStopSignal],
  ["USER", (draft) => readRest(draft, "USER")],
  ["VOLUME", readVolume],
  ["WORKDIR", (draft) => readRest(draft, "WORKDIR")],
]);

/** What an instruction says; nothing where something is wrong with it, which is said. */
export function readInstruction(draft: Draft): Instruction | undefined {
  return (READERS.get(draft.name) ?? unknown)(draft);
}

function readOnbuild(draft: Draft): Instruction | undefined {
  const { trigger } = draft;
  if (trigger === undefined) return draft.fault("arguments", "ONBUILD requires at least one argument");
  if (checkFlags(draft) === undefined) return undefined;
  if (trigger.name === "ONBUILD")
    return trigger.fault("onbuild", "Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed");
  if (trigger.name === "FROM" || trigger.name === "MAINTAINER")
    return trigger.fault("onbuild", `${trigger.name} isn't allowed as an ONBUILD trigger`);
  const instruction = readInstruction(trigger);
  return instruction && { instruction: "ONBUILD", trigger: instruction };
}

/** No value stands for it: it is only said that it is there. */
function readMaintainer(draft: Draft): undefined {
  if (draft.words.length === 0) return draft.fault("arguments", "MAINTAINER requires exactly one argument");
  return checkFlags(draft) && draft.fault("maintainer", "MAINTAINER is deprecated");
}

function unknown(draft: Draft): undefined {
  const { keyword } = draft.split;
  const near = nearest(keyword.slice(0, 40).toUpperCase(), [...FORMS.keys()]);
  const message = keyword === "" ? "an empty instruction" : `unknown instruction: ${shown(keyword)}`;
  return draft.fault(
    "unknown-instruction",
    message,
    undefined,
    near === undefined ? undefined : `Did you mean ${near}?`,
  );
}
