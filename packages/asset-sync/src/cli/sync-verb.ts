import type { Command } from "commander";

import { loadConfig } from "../config/config-file.ts";
import { resolveOptions, type Flags } from "../config/options.ts";
import type { SyncEvent } from "../events.ts";
import { sync } from "../sync/sync.ts";
import { eventLine } from "./event-lines.ts";
import {
  verb,
  withObjects,
  withOutput,
  withReceipt,
  withSource,
  withTarget,
  type ConfigFlag,
  type OutputFlags,
} from "./flags.ts";
import { reportProgress } from "./progress.ts";
import { printer, type Terminal } from "./terminal.ts";

/** `asset-sync sync`: plan and upload. */
export function syncVerb(terminal: Terminal, signal: AbortSignal): Command {
  const command = verb(
    "sync",
    "Uploads a build's assets and writes the receipt.",
    "asset-sync sync public --to s3://shop-assets --release $(git rev-parse HEAD)",
  );
  withOutput(withReceipt(withObjects(withTarget(withSource(command))))).option(
    "--dry-run",
    "say what would be done; write nothing",
  );
  return command.action(async (publicDir: string | undefined, flags: Flags & ConfigFlag & OutputFlags) => {
    const { environment, directory } = terminal;
    const file = await loadConfig(flags.config, environment, directory);
    const options = resolveOptions(publicDir, { ...flags, file }, environment, directory);
    const out = printer(terminal, flags);
    const progress = reportProgress(out);
    const onEvent = (event: SyncEvent): void => {
      out.json(event);
      const line = eventLine(event);
      if (line !== undefined) out.line(line);
      progress.event(event);
    };
    await sync(options, { signal, onEvent }).finally(() => progress.end());
  });
}
