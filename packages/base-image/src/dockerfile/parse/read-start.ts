import type { Command, HealthcheckInstruction, Instruction } from "../instruction.ts";
import type { Draft } from "./draft.ts";
import { checkDuration } from "./duration.ts";
import { shown } from "./fault.ts";
import { checkFlags, type Flags } from "./flags.ts";

/** `CMD` and `ENTRYPOINT` */
export function readStart(draft: Draft, instruction: "CMD" | "ENTRYPOINT"): Instruction | undefined {
  return checkFlags(draft) && { instruction, command: plainCommand(draft) };
}

/** `SHELL`, which takes nothing but the JSON form. */
export function readShell(draft: Draft): Instruction | undefined {
  if (checkFlags(draft) === undefined) return undefined;
  const words = draft.words.map(({ text }) => text);
  if (words.length === 0) return draft.fault("arguments", "SHELL requires at least one argument");
  if (!draft.json)
    return draft.fault(
      "arguments",
      "SHELL requires the arguments to be in JSON form",
      draft.split.args,
      `Write ["/bin/sh", "-c"].`,
    );
  return { instruction: "SHELL", words };
}

/** What a command is without heredocs: the words of JSON form, or text for the shell. */
export function plainCommand({ json, words }: Pick<Draft, "json" | "words">): Command {
  const texts = words.map(({ text }) => text);
  return json ? { form: "exec", words: texts } : { form: "shell", text: texts.join("") };
}

const DURATIONS = [
  ["interval", "interval"],
  ["timeout", "timeout"],
  ["start-period", "startPeriod"],
  ["start-interval", "startInterval"],
] as const;

/** `HEALTHCHECK` */
export function readHealthcheck(draft: Draft): Instruction | undefined {
  const [type, ...words] = draft.words;
  if (type === undefined) return draft.fault("arguments", "HEALTHCHECK requires at least one argument");
  const name = type.text.toUpperCase();
  if (name === "NONE") {
    if (words.length > 0) return draft.fault("healthcheck", "HEALTHCHECK NONE takes no arguments", words[0]);
    return { instruction: "HEALTHCHECK", check: "none" };
  }
  const flags = checkFlags(draft);
  if (flags === undefined) return undefined;
  if (name !== "CMD") {
    const message = `Unknown type ${shown(name)} in HEALTHCHECK (try CMD)`;
    return draft.fault("healthcheck", message, type, "Write CMD before the command, or NONE alone.");
  }
  if (words.length === 0) return draft.fault("healthcheck", "Missing command after HEALTHCHECK CMD", type);
  const options = readOptions(draft, flags);
  return options && { instruction: "HEALTHCHECK", check: plainCommand({ json: draft.json, words }), ...options };
}

type Options = Omit<HealthcheckInstruction, "instruction" | "check">;

function readOptions(draft: Draft, flags: Flags): Options | undefined {
  const options: { -readonly [Key in keyof Options]: Options[Key] } = {};
  for (const [name, key] of DURATIONS) {
    const flag = flags.one(name);
    if (flag === undefined || flag.value === "") continue;
    const wrong = checkDuration(flag.value, name);
    if (wrong !== undefined) return draft.fault("healthcheck", wrong, flag, "Write 30s, 1m30s or 500ms.");
    options[key] = flag.value;
  }
  const retries = flags.one("retries");
  if (retries === undefined || retries.value === "") return options;
  if (!/^[+-]?\d+$/.test(retries.value) || Math.abs(Number(retries.value)) > 0x7fff_ffff)
    return draft.fault("healthcheck", `--retries is ${shown(retries.value)}; expected a number`, retries);
  if (Number(retries.value) < 0)
    return draft.fault("healthcheck", `--retries cannot be negative (${retries.value})`, retries);
  return { ...options, retries: Number(retries.value) };
}
