import type { Command, CommanderError } from "commander";

import { nearestSpelling } from "../config/spelling.ts";
import { AssetSyncError } from "../errors.ts";

/** The failure that a wrong command line is, with the remedy for the word that is wrong. */
export function usageFailure(error: CommanderError, program: Command, words: readonly string[]): AssetSyncError {
  const message = error.message.replace(/^error: /, "");
  return new AssetSyncError("ASSET_SYNC_USAGE", message, { hint: remedy(error, program, words) });
}

function remedy(error: CommanderError, program: Command, words: readonly string[]): string {
  const verb = program.commands.find((command) => command.name() === words[0]);
  const [, typed = ""] = /unknown (?:option|command) '([^'=]*)/.exec(error.message) ?? [];
  if (error.code === "commander.unknownCommand") return verbRemedy(program, typed);
  const near = error.code === "commander.unknownOption" ? nearestSpelling(typed, flagsOf(verb ?? program)) : undefined;
  if (near !== undefined) return `Did you mean ${near}?`;
  if (verb !== undefined) return `\`asset-sync ${verb.name()} --help\` lists what it takes.`;
  return "The verb comes first, its flags after it: `asset-sync --help` lists the verbs.";
}

function verbRemedy(program: Command, typed: string): string {
  const verbs = program.commands.map((command) => command.name());
  const near = nearestSpelling(typed, verbs);
  if (near !== undefined) return `Did you mean ${near}?`;
  return `The verb comes first, one of ${verbs.join(", ")}: \`asset-sync --help\` says what each does.`;
}

function flagsOf(command: Command): readonly string[] {
  return ["--help", ...command.options.flatMap(({ long }) => (long === undefined ? [] : [long]))];
}
