import type { Command, Heredoc, Instruction, RunInstruction } from "../instruction.ts";
import type { Mount } from "../mount.ts";
import type { Draft, Mutable } from "./draft.ts";
import { shown } from "./fault.ts";
import { checkFlags, type Flags } from "./flags.ts";
import { readMarker, withoutTabs } from "./heredoc-marker.ts";
import { plainCommand } from "./read-start.ts";
import { readDevices } from "./read-device.ts";
import { readMount } from "./read-mount.ts";

const NETWORKS = ["default", "none", "host"] as const;
const SECURITY = ["sandbox", "insecure"] as const;

/** `RUN` */
export function readRun(draft: Draft): Instruction | undefined {
  const flags = checkFlags(draft);
  if (flags === undefined) return undefined;
  const run: Mutable<RunInstruction> = { instruction: "RUN", command: runCommand(draft) };
  return draft.split.flags.length === 0 || takeOptions(run, draft, flags) ? run : undefined;
}

/** Adds what the flags say; false, and a fault, where one is wrong. */
function takeOptions(run: Mutable<RunInstruction>, draft: Draft, flags: Flags): boolean {
  const mounts: Mount[] = [];
  for (const flag of flags.all("mount")) {
    const mount = readMount(draft, flag);
    if (mount === undefined) return false;
    mounts.push(mount);
  }
  const network = oneOf(draft, flags, "network", NETWORKS);
  const security = oneOf(draft, flags, "security", SECURITY);
  const devices = readDevices(draft, flags);
  if (network === false || security === false || devices === undefined) return false;
  if (mounts.length > 0) run.mounts = mounts;
  if (network !== undefined) run.network = network;
  if (security !== undefined) run.security = security;
  if (devices.length > 0) run.devices = devices;
  return true;
}

/** The value of a flag that takes only these; absent where the flag is, `false` where it has another. */
function oneOf<Value extends string>(
  draft: Draft,
  flags: Flags,
  name: string,
  values: readonly Value[],
): Value | undefined | false {
  const flag = flags.one(name);
  if (flag === undefined) return undefined;
  const value = values.find((known) => known === flag.value);
  if (value !== undefined) return value;
  const expected = `expected ${values.join(", ")}`;
  draft.fault(
    "flag-value",
    `invalid ${name} mode ${shown(flag.value)}; ${expected}`,
    flag,
    `Use one of ${values.join(", ")}.`,
  );
  return false;
}

/** A lone heredoc is a script; other heredocs go to the shell together with the text. */
function runCommand(draft: Draft): Command {
  const command = plainCommand(draft);
  const { heredocs } = draft;
  const [first] = heredocs;
  if (command.form !== "shell" || first === undefined) return command;
  const marker = readMarker(command.text);
  if (marker !== undefined && !("fault" in marker)) return { form: "script", body: withoutTabs(first) };
  return { ...command, heredocs: heredocs.map((heredoc) => bodyOf(heredoc)) };
}

function bodyOf({ name, body, expand, stripTabs, fd }: Draft["heredocs"][number]): Heredoc {
  return { name, body, expand, ...(stripTabs && { stripTabs }), ...(fd > 0 && { fd }) };
}
