import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";

import type { Command } from "commander";

import { AssetSyncError, messageOf } from "../errors.ts";
import { verb, withOutput, type OutputFlags } from "./flags.ts";
import { RAKE_FILE } from "./rake-file.ts";
import { printer, type Terminal } from "./terminal.ts";

const PLACE = "lib/tasks/asset_sync.rake";

/** `asset-sync install-rails`: writes a rake file, so that a sync follows assets:precompile. */
export function installRailsVerb(terminal: Terminal): Command {
  const command = verb(
    "install-rails",
    "Lets a sync follow assets:precompile: writes a rake file into a Rails app.",
    "asset-sync install-rails",
  );
  command.argument("[app-dir]", "the app's folder (default: this one)");
  withOutput(command).option("--force", "write over a file that was changed");
  return command.action(async (folder: string | undefined, flags: OutputFlags & { readonly force?: boolean }) => {
    const app = resolve(terminal.directory, folder ?? ".");
    const file = join(app, PLACE);
    const before = await readFile(file, "utf8").catch(() => undefined);
    await checkApp(app);
    if (before !== undefined && before !== RAKE_FILE && flags.force !== true) {
      throw refused(`${file} is there, with other content.`, "Look at it; --force writes over it.");
    }
    await writeRakeFile(file);
    const out = printer(terminal, flags);
    out.json({ type: "summary", file, changed: before !== RAKE_FILE });
    out.line(
      `${file} ${before === RAKE_FILE ? "was there already" : "is written"}: bin/rails assets:sync, and after assets:precompile`,
    );
  });
}

async function writeRakeFile(file: string): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, RAKE_FILE);
  } catch (cause) {
    throw refused(
      `${file} cannot be written: ${messageOf(cause)}.`,
      "Make its folder one that this user may write to.",
    );
  }
}

async function checkApp(app: string): Promise<void> {
  const there = await readFile(join(app, "config/application.rb")).catch(() => undefined);
  if (there === undefined)
    throw refused(`${app} is no Rails app: it has no config/application.rb.`, "Name the app's folder.");
}

function refused(message: string, hint: string): AssetSyncError {
  return new AssetSyncError("ASSET_SYNC_OPTION_INVALID", message, { hint });
}
