import { resolve } from "node:path";

import type { Command } from "commander";

import { checkVariableNames } from "../config/environment.ts";
import { checkKeyPair } from "../config/key-pair.ts";
import { readPlan } from "../sync/saved-plan.ts";
import { apply } from "../sync/sync.ts";
import { verb, withOutput, type OutputFlags } from "./flags.ts";
import type { Terminal } from "./terminal.ts";
import { watchSync } from "./watch-sync.ts";

/** `asset-sync apply`: carries out what `plan --out` has written. */
export function applyVerb(terminal: Terminal, signal: AbortSignal): Command {
  const command = verb(
    "apply",
    "Carries out a plan, if it is still what a sync would do.",
    "asset-sync apply plan.json",
  );
  withOutput(command.argument("<file>", "what `asset-sync plan --out FILE` has written"));
  return command.action(async (file: string, flags: OutputFlags) => {
    const { environment, directory } = terminal;
    checkVariableNames(environment);
    const saved = await readPlan(resolve(directory, file));
    if (saved.options.target.kind === "s3") checkKeyPair(environment);
    await watchSync(terminal, flags, (onEvent) => apply(saved, { signal, onEvent }));
  });
}
