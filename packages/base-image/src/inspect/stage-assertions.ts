import { posix } from "node:path";

import type { Command, Instruction } from "../dockerfile/instruction.ts";
import type { Text } from "../dockerfile/text.ts";
import type { Stage, Step } from "../stage/stage.ts";
import type { Assertion, ImageConfig } from "./assertion.ts";
import { labelAssertions } from "./labels.ts";

/**
 * What the instructions of a stage and of those it is built on say about the image's configuration. What holds a variable
 * is left out: nobody knows its value before the build.
 */
export function stageAssertions(stage: Stage): readonly Assertion[] {
  const chain = chainOf(stage);
  const instructions = chain.flat();
  return [
    ...known("USER", userOf(instructions), ({ user }) => user),
    ...known("WORKDIR", workdirOf(instructions), ({ workdir }) => workdir),
    ...started("ENTRYPOINT", commandOf(instructions, "ENTRYPOINT"), ({ entrypoint }) => entrypoint),
    ...started("CMD", cmdOf(chain), ({ cmd }) => cmd),
    ...Object.entries(literalPairs(stage, "ENV")).map(([name, value]) => variableIs(name, value)),
    ...portsOf(instructions).map((port) => {
      return configIs(`EXPOSE ${port}`, port, ({ ports }) => (ports.includes(port) ? port : ports.join(" ")));
    }),
    ...labelAssertions(literalPairs(stage, "LABEL")),
  ];
}

/** The labels or the variables a stage ends with, as far as they hold no variable. */
export function literalPairs(stage: Stage, name: "ENV" | "LABEL"): Readonly<Record<string, string>> {
  const pairs = new Map<Text, Text>();
  for (const instruction of chainOf(stage).flat()) {
    if (instruction.instruction !== name) continue;
    for (const { key, value } of instruction.pairs) pairs.set(key, value);
  }
  return Object.fromEntries(
    [...pairs].filter((pair): pair is [string, string] => pair.every((each) => typeof each === "string")),
  );
}

/** What each stage of the chain does, the lowest first; a stage begins with what ONBUILD left to it. */
function chainOf({ base, steps }: Stage): readonly (readonly Instruction[])[] {
  const own = instructionsOf(steps);
  if (base.kind !== "stage") return [own];
  const triggers = instructionsOf(base.steps).flatMap((each) => (each.instruction === "ONBUILD" ? [each.trigger] : []));
  return [...chainOf(base), [...triggers, ...own]];
}

function instructionsOf(steps: readonly Step[]): readonly Instruction[] {
  return steps.flatMap(({ instruction }) => (instruction.instruction === "COMMENT" ? [] : [instruction]));
}

/** The last command of this name. */
function commandOf(instructions: readonly Instruction[], name: "CMD" | "ENTRYPOINT"): Command | undefined {
  return instructions.flatMap((each) => (each.instruction === name ? [each.command] : [])).at(-1);
}

/** The last USER. */
function userOf(instructions: readonly Instruction[]): string | undefined {
  return literal(instructions.flatMap((each) => (each.instruction === "USER" ? [each.value] : [])).at(-1));
}

function literal(text: Text | undefined): string | undefined {
  return typeof text === "string" ? text : undefined;
}

/** The last WORKDIR; a relative one is below that before it, and nobody knows the base image's. */
function workdirOf(instructions: readonly Instruction[]): string | undefined {
  let folder: string | undefined;
  for (const each of instructions) {
    if (each.instruction !== "WORKDIR") continue;
    const next = literal(each.value);
    if (next === undefined) folder = undefined;
    else if (posix.isAbsolute(next)) folder = posix.resolve(next);
    else folder = folder === undefined ? undefined : posix.resolve(folder, next);
  }
  return folder;
}

const NO_COMMAND: Command = { form: "exec", words: [] };

/** The last CMD; an ENTRYPOINT takes that of the stages below away. */
function cmdOf(chain: readonly (readonly Instruction[])[]): Command | undefined {
  let command: Command | undefined;
  for (const instructions of chain) {
    const own = commandOf(instructions, "CMD");
    if (own !== undefined) command = own;
    else if (commandOf(instructions, "ENTRYPOINT") !== undefined) command = NO_COMMAND;
  }
  return command;
}

/** Single ports, each with its protocol as the image has it. */
function portsOf(instructions: readonly Instruction[]): readonly string[] {
  const values = instructions.flatMap((each) => (each.instruction === "EXPOSE" ? each.values : []));
  const ports = values.flatMap((value) => {
    const [, port, protocol = "tcp"] = /^(\d+)(?:\/(\w+))?$/.exec(literal(value) ?? "") ?? [];
    return port === undefined ? [] : [`${port}/${protocol.toLowerCase()}`];
  });
  return [...new Set(ports)];
}

function known(name: string, value: string | undefined, read: (config: ImageConfig) => string): readonly Assertion[] {
  return value === undefined ? [] : [configIs(`${name} ${value}`, value, read)];
}

/** Words are compared as they are; shell text is the last word, behind the shell that the base may have chosen. */
function started(
  name: string,
  command: Command | undefined,
  read: (config: ImageConfig) => readonly string[],
): readonly Assertion[] {
  if (command === undefined || command.form === "script") return [];
  if (command.form === "shell") return known(name, command.text, (config) => read(config).at(-1) ?? "");
  return known(name, JSON.stringify(command.words), (config) => JSON.stringify(read(config)));
}

function variableIs(name: string, value: string): Assertion {
  return configIs(`ENV ${name}`, value, ({ env }) => {
    const found = env.find((each) => each.startsWith(`${name}=`));
    return found === undefined ? "no such variable" : found.slice(name.length + 1);
  });
}

function configIs(name: string, text: string, read: (config: ImageConfig) => string): Assertion {
  return { kind: "config", name, read, expected: { kind: "text", text } };
}
