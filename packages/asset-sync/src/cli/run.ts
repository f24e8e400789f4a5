import { Command, CommanderError } from "commander";

import { reportFailure } from "./failure.ts";
import { adoptVerb } from "./adopt-verb.ts";
import { applyVerb } from "./apply-verb.ts";
import { collectVerb } from "./collect-verb.ts";
import { importVerb } from "./import-verb.ts";
import { installRailsVerb } from "./install-rails-verb.ts";
import { pinVerb } from "./pin-verb.ts";
import { planVerb } from "./plan-verb.ts";
import { preflightVerb } from "./preflight-verb.ts";
import { pushVerb } from "./push-verb.ts";
import { releasesVerb } from "./releases-verb.ts";
import { reportVerb } from "./report-verb.ts";
import { syncVerb } from "./sync-verb.ts";
import type { Terminal } from "./terminal.ts";
import { usageFailure } from "./usage.ts";
import { verifyVerb } from "./verify-verb.ts";
import { VERSION } from "./version.ts";

/** Runs a command line (without program names) and returns its exit code. Never throws. */
export async function run(words: readonly string[], terminal: Terminal, signal: AbortSignal): Promise<number> {
  let exitCode = 0;
  const program = makeProgram(terminal, signal, (code) => {
    exitCode = code;
  });
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

function makeProgram(terminal: Terminal, signal: AbortSignal, answer: (code: number) => void): Command {
  const program = new Command("asset-sync")
    .description("Puts the assets of a Rails release up before the image exists, and leaves a receipt in it.")
    .version(VERSION)
    .addHelpText("after", "\nExample:\n  $ asset-sync sync public --to s3://shop-assets --release v42\n");
  const verbs = [
    syncVerb(terminal, signal),
    planVerb(terminal, signal),
    applyVerb(terminal, signal),
    verifyVerb(terminal, signal, answer),
    releasesVerb(terminal, signal),
    pinVerb("pin", terminal, signal),
    pinVerb("unpin", terminal, signal),
    collectVerb(terminal, signal),
    pushVerb(terminal, signal),
    importVerb(terminal),
    adoptVerb(terminal, signal),
    preflightVerb(terminal, signal, answer),
    installRailsVerb(terminal),
    reportVerb(terminal, signal),
  ];
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
