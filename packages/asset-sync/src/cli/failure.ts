import { CommanderError } from "commander";

import { AssetSyncError } from "../errors.ts";
import { printer, type Terminal } from "./terminal.ts";

/** Says what went wrong and returns the exit code. A bug of ours keeps its stack, so that it can be reported. */
export function reportFailure(error: unknown, terminal: Terminal, json: boolean): number {
  const out = printer(terminal, { json });
  if (error instanceof CommanderError) return reportUsage(error, terminal, json);
  if (!(error instanceof AssetSyncError)) {
    out.error(
      `asset-sync: this is a bug of asset-sync: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    );
    return 1;
  }
  out.error(`asset-sync: ${error.message}\n${error.hint}\n[${error.code}]`);
  out.json({ type: "error", code: error.code, message: error.message, hint: error.hint });
  return error.exitCode;
}

/** Commander has written its message already; `--help` and `--version` come this way too, with exit code 0. */
function reportUsage(error: CommanderError, terminal: Terminal, json: boolean): number {
  if (error.exitCode === 0) return 0;
  const usage = new AssetSyncError("ASSET_SYNC_USAGE", error.message.replace(/^error: /, ""));
  const out = printer(terminal, { json });
  out.error(`asset-sync: ${usage.message}\n${usage.hint}\n[${usage.code}]`);
  out.json({ type: "error", code: usage.code, message: usage.message, hint: usage.hint });
  return usage.exitCode;
}
