import type { Command, RunInstruction } from "../dockerfile/instruction.ts";
import type { Mount } from "../dockerfile/mount.ts";
import { runCommand, startCommand } from "../dockerfile/shell-text.ts";
import { ARGUMENT, argsOf, type BuildArg, type Text } from "../dockerfile/text.ts";
import {
  assertKind,
  assertShape,
  BOOLEAN,
  listOf,
  oneOf,
  optional,
  STRING,
  WORDS,
  type ShapeKinds,
  type ValueKind,
} from "../dockerfile/value-kind.ts";
import { RUNNABLE, START } from "./check-call.ts";
import { assertMounts, mountSource, namedMount } from "./mount.ts";
import { outsideOf, stagesIn, type Source } from "./source.ts";
import type { Step } from "./stage.ts";

/** A script for RUN, made with {@link script}. */
export interface Script {
  readonly kind: "script";
  readonly body: string;
}

/** What RUN takes: shell text, the words of a program, or a script of several lines. */
export type Runnable = Text | readonly string[] | Script;

/** Options of `Stage.run`. */
export interface RunOptions {
  readonly mounts?: readonly Mount<Source>[];
  readonly network?: "default" | "none" | "host";
  /** `insecure` needs a builder that allows it. */
  readonly security?: "sandbox" | "insecure";
  /** Devices of the Container Device Interface, as `vendor.com/class=name`; required unless said otherwise. */
  readonly devices?: readonly (string | { readonly name: string; readonly required: boolean })[];
  /** Build arguments that the command reads from its environment. */
  readonly args?: readonly BuildArg[];
}

const DEVICE: ValueKind = {
  expected: 'a device, as "vendor.com/class=name" or { name, required }',
  holds: (value) => WORDS.holds(value) || isDevice(value),
};

const OPTIONS: ShapeKinds = {
  mounts: optional({ expected: "a list of mounts", holds: Array.isArray }),
  network: optional(oneOf("default", "none", "host")),
  security: optional(oneOf("sandbox", "insecure")),
  devices: optional(listOf(DEVICE)),
  args: optional(listOf(ARGUMENT)),
};

/** Lines for the shell, which stops at the first that fails; a first line with `#!` names another program. */
export function script(...lines: readonly string[]): Script {
  assertKind(listOf(STRING, 1), lines, "script()", "its list of lines");
  const body = lines.join("\n");
  return { kind: "script", body: body.startsWith("#!") ? body : `set -e\n${body}` };
}

/** `RUN` */
export function runStep(command: Runnable, options: RunOptions, call: string): Step {
  assertKind(RUNNABLE, command, call, "the command");
  assertShape(options, OPTIONS, call, "the options");
  assertMounts(options.mounts ?? [], call);
  const { mounts = [], network, security, devices = [], args = [] } = options;
  const instruction: RunInstruction = {
    instruction: "RUN",
    command: toCommand(command, "RUN"),
    ...(mounts.length === 0 ? {} : { mounts: mounts.map(namedMount) }),
    ...(network === undefined ? {} : { network }),
    ...(security === undefined ? {} : { security }),
    ...(devices.length === 0
      ? {}
      : { devices: devices.map((each) => (typeof each === "string" ? { name: each, required: true } : { ...each })) }),
  };
  const sources = mounts.map(mountSource);
  return {
    instruction,
    uses: sources.flatMap(stagesIn),
    args: [...args, ...argsInCommand(command)],
    outside: sources.flatMap(outsideOf),
  };
}

/** `ENTRYPOINT` and `CMD` */
export function startStep(name: "ENTRYPOINT" | "CMD", command: readonly string[] | Text, call: string): Step {
  assertKind(START, command, call, "the command");
  return {
    instruction: { instruction: name, command: toCommand(command, name) },
    uses: [],
    args: argsInCommand(command),
  };
}

/** The words, the text or the script that BuildKit is to hand on. */
export function toCommand(command: Runnable, name: "RUN" | "ENTRYPOINT" | "CMD" | "HEALTHCHECK"): Command {
  if (isWords(command)) return { form: "exec", words: [...command] };
  if (typeof command === "object" && command.kind === "script") return { form: "script", body: ended(command.body) };
  const place = `the text of ${name === "RUN" ? "a RUN" : name}`;
  return name === "RUN" ? runCommand(command, place) : startCommand(command, place);
}

/** The build arguments that shell text names. */
export function argsInCommand(command: Runnable): readonly BuildArg[] {
  if (isWords(command) || (typeof command === "object" && command.kind === "script")) return [];
  return argsOf(command);
}

/** Whether this is a list. */
export function isWords<Item>(value: Item | readonly Item[]): value is readonly Item[] {
  return Array.isArray(value);
}

function ended(body: string): string {
  return body === "" || body.endsWith("\n") ? body : `${body}\n`;
}

function isDevice(value: unknown): boolean {
  if (typeof value !== "object" || value === null || !("name" in value) || !("required" in value)) return false;
  return Object.keys(value).length === 2 && WORDS.holds(value.name) && BOOLEAN.holds(value.required);
}
