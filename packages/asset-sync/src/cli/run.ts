import { Command, CommanderError } from "commander";

import { reportFailure } from "./failure.ts";
import type { Terminal } from "./terminal.ts";
import { usageFailure } from "./usage.ts";
import { loadVerbs, type VerbParts } from "./verbs.ts";
import { VERSION } from "./version.ts";

/** Runs a command line (without program names) and returns its exit code. Never throws. */
export async function run(words: readonly string[], terminal: Terminal, signal: AbortSignal): Promise<number> {
  let exitCode = 0;
  const answer = (code: number): void => {
    exitCode = code;
  };
  const program = await makeProgram(words, { terminal, signal, answer });
  if (words.length === 0) {
    program.outputHelp({ error: true });
    return 2;
  }
  try {
    await program.parseAsync([...words], { from: "user" });
    return exitCode;
  } catch (error) {
    const usage = error instanceof CommanderError;
    // `--help` and `--version` come this way too.
    if (usage && error.exitCode === 0) return 0;
    return reportFailure(usage ? usageFailure(error, program, words) : error, terminal, asksForJson(words), signal);
  }
}

async function makeProgram(words: readonly string[], parts: VerbParts): Promise<Command> {
  const { terminal } = parts;
  const program = new Command("asset-sync")
    .description("Puts the assets of a Rails release up before the image exists, and leaves a receipt in it.")
    .version(VERSION)
    .addHelpText("after", "\nExample:\n  $ asset-sync sync public --to s3://shop-assets --release v42\n");
  const verbs = await loadVerbs(words, parts);
  for (const verb of verbs) program.addCommand(verb);
  for (const command of [program, ...verbs]) {
    command
      .exitOverride()
      .showSuggestionAfterError(false)
      .configureOutput({
        writeOut: (text) => terminal.stdout.write(text),
        writeErr: (text) => terminal.stderr.write(text),
        outputError: () => undefined,
      });
  }
  return program;
}

/** Flags that could not be read are no reason to answer a program in prose. */
export function asksForJson(words: readonly string[]): boolean {
  const end = words.indexOf("--");
  return words.slice(0, end === -1 ? undefined : end).includes("--json");
}
