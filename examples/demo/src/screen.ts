import { styleText } from "node:util";

import { execa } from "execa";

import { interruption } from "./interruption.ts";

/** Writes one line. */
export function say(line = ""): void {
  process.stdout.write(`${line}\n`);
}

/** Says why a program cannot begin, and answers its exit code. */
export function refuse(program: string, reason: string): number {
  process.stderr.write(`${program}: ${reason}.\nCONTRIBUTING.md, "Services", has the variables.\n`);
  return 2;
}

/** Begins a part of the demo. */
export function heading(text: string): void {
  say(`\n${styleText(["bold", "cyan"], `▸ ${text}`)}`);
}

/** A program to run before everybody's eyes. */
export interface ShownCommand {
  /** What a user would type. */
  readonly typed: string;
  readonly command: readonly string[];
  readonly cwd: string;
}

/** Shows the command, lets it write to the terminal, and throws when it fails. */
export async function runShown(shown: ShownCommand): Promise<void> {
  announce(shown);
  const [program = "", ...args] = shown.command;
  await execa(program, args, { ...cancellable(shown), stdio: ["ignore", "inherit", "inherit"] });
}

/** As {@link runShown}, for a program called with `--json`: its words go to the terminal, the last JSON line is the answer. */
export async function runForSummary(shown: ShownCommand): Promise<unknown> {
  announce(shown);
  const [program = "", ...args] = shown.command;
  const { stdout } = await execa(program, args, { ...cancellable(shown), stdio: ["ignore", "pipe", "inherit"] });
  return JSON.parse(stdout.split("\n").at(-1) ?? "null");
}

function announce({ typed }: ShownCommand): void {
  say(styleText("dim", `$ ${typed}`));
}

function cancellable({ cwd }: ShownCommand): { readonly cwd: string; readonly cancelSignal: AbortSignal } {
  return { cwd, cancelSignal: interruption };
}
