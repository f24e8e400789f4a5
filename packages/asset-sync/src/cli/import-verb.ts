import { resolve } from "node:path";

import type { Command } from "commander";

import { configSource } from "../config/config-source.ts";
import { GEM_FILE, importGemConfig, importGemConfigIn, railsEnvironment } from "../config/gem-file.ts";
import { verb } from "./flags.ts";
import { printer, type Terminal } from "./terminal.ts";

/** `asset-sync import`: prints an asset-sync.config.mjs for a config/asset_sync.yml. */
export function importVerb(terminal: Terminal): Command {
  const command = verb(
    "import",
    "Prints an asset-sync.config.mjs that says what the gem's configuration says.",
    "RAILS_ENV=production asset-sync import > asset-sync.config.mjs",
  );
  command.argument("[file]", `the gem's configuration (default: ${GEM_FILE}, else its variables)`);
  return command.action(async (file?: string) => {
    const { environment, directory } = terminal;
    const { made, origin } =
      file === undefined
        ? await importGemConfigIn(directory, environment)
        : {
            made: await importGemConfig(resolve(directory, file), environment, directory),
            origin: `${file} (${railsEnvironment(environment)})`,
          };
    const source = configSource(made, origin);
    const out = printer(terminal, {});
    for (const line of source.trimEnd().split("\n")) out.line(line);
  });
}
