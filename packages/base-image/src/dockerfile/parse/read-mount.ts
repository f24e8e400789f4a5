import { nearest } from "../known-keys.ts";
import type { Mount } from "../mount.ts";
import { partsOf } from "../text.ts";
import { readCsv } from "./csv.ts";
import type { Draft } from "./draft.ts";
import { shown } from "./fault.ts";
import { MountReader, type MountFault, type TextField } from "./mount-reader.ts";
import type { ValuedFlag } from "./flags.ts";

const CSV = "The fields are CSV: a field that holds a comma stands in double quotes, which are escaped for the flag.";
const DECIDING = new Set(["type", "ro", "readonly", "rw", "readwrite", "required"]);

/** A `--mount`. BuildKit looks at most of it when it expands variables, so late, but always. */
export function readMount(draft: Draft, flag: ValuedFlag): Mount | undefined {
  const line = readCsv(flag.value);
  if ("reason" in line) return draft.fault("mount", `failed to parse csv mounts: ${line.reason}`, flag, CSV);
  const fields: TextField[] = [];
  for (const text of line.fields) {
    const field = readField(draft, flag, text);
    if (field === undefined) return undefined;
    fields.push(field);
  }
  if (fields.some((field) => decidesLate(field))) return { type: "variable", fields };
  const reader = new MountReader();
  for (const field of fields) {
    const fault = reader.take(field);
    if (fault !== undefined) return refuse(draft, flag, fault);
  }
  const mount = reader.finish();
  return "message" in mount ? refuse(draft, flag, mount) : mount;
}

function readField(draft: Draft, flag: ValuedFlag, field: string): TextField | undefined {
  const sign = field.indexOf("=");
  const key = (sign === -1 ? field : field.slice(0, sign)).toLowerCase();
  if (sign === -1) return { key };
  const written = field.slice(sign + 1);
  if (key === "from" && /\$[^\n]/.test(written)) {
    const message = "'from' doesn't support variable expansion, define alias stage instead";
    return draft.fault("mount", message, flag, "Name a stage: FROM image:${ARG} AS name.");
  }
  const value = draft.expandableText(written, flag);
  return value === undefined ? undefined : { key, value };
}

/** Whether a variable decides what kind of mount it is, or whether a switch is on. */
function decidesLate({ key, value }: TextField): boolean {
  return DECIDING.has(key) && value !== undefined && partsOf(value).some((part) => typeof part !== "string");
}

function refuse(draft: Draft, flag: ValuedFlag, { message, near }: MountFault): undefined {
  const suggestion = near && nearest(near.word.slice(0, 40), near.known);
  const hint = suggestion && `Did you mean ${suggestion}?`;
  return draft.fault("mount", `--mount=${shown(flag.value)}: ${message}`, flag, hint);
}
