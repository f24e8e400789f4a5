import { Command } from "commander";

import { reportFailure } from "./failure.ts";
import { planVerb } from "./plan-verb.ts";
import { releasesVerb } from "./releases-verb.ts";
import { syncVerb } from "./sync-verb.ts";
import type { Terminal } from "./terminal.ts";
import { verifyVerb } from "./verify-verb.ts";
import { VERSION } from "./version.ts";

/** Runs a command line (without program names) and returns its exit code. Never throws. */
export async function run(words: readonly string[], terminal: Terminal, signal: AbortSignal): Promise<number> {
  let exitCode = 0;
  const program = new Command("asset-sync")
    .description("Puts the assets of a Rails release up before the image exists, and leaves a receipt in it.")
    .version(VERSION)
    .addHelpText("after", "\nExample:\n  $ asset-sync sync public --to s3://shop-assets --release v42\n");
  const verbs = [
    syncVerb(terminal, signal),
    planVerb(terminal, signal),
    verifyVerb(terminal, signal, (code) => {
      exitCode = code;
    }),
    releasesVerb(terminal, signal),
  ];
  for (const verb of verbs) program.addCommand(verb);
  for (const command of [program, ...verbs]) {
    command.exitOverride().configureOutput({
      writeOut: (text) => terminal.stdout.write(text),
      writeErr: () => undefined,
    });
  }
  try {
    if (words.length === 0) program.help();
    await program.parseAsync([...words], { from: "user" });
    return exitCode;
  } catch (error) {
    return reportFailure(error, terminal, words.includes("--json"));
  }
}
