import type { Command } from "commander";

import { resolveOptions, type Flags } from "../config/options.ts";
import { writeOfflineReceipt } from "../sync/offline-receipt.ts";
import { sync } from "../sync/sync.ts";
import {
  verb,
  withCloudFront,
  withObjects,
  withOutput,
  withReceipt,
  withSource,
  withTarget,
  type ConfigFlag,
  type OutputFlags,
} from "./flags.ts";
import { readConfig } from "./read-config.ts";
import { printer, type Terminal } from "./terminal.ts";
import { watchSync } from "./watch-sync.ts";

/** `asset-sync sync`: plan and upload. */
export function syncVerb(terminal: Terminal, signal: AbortSignal): Command {
  const command = verb(
    "sync",
    "Uploads a build's assets and writes the receipt.",
    "asset-sync sync public --to s3://shop-assets --release $(git rev-parse HEAD)",
  );
  withOutput(withCloudFront(withReceipt(withObjects(withTarget(withSource(command))))))
    .option("--dry-run", "say what would be done; write nothing")
    .option("--offline", "only write the receipt, without a request; the image is pushed later");
  return command.action(
    async (publicDir: string | undefined, flags: Flags & ConfigFlag & OutputFlags & { readonly offline?: boolean }) => {
      const { environment, directory } = terminal;
      const file = await readConfig(flags, terminal, signal);
      if (file.enabled === false) return sayDisabled(terminal, flags);
      const options = resolveOptions(publicDir, { ...flags, file }, environment, directory);
      const offline = flags.offline === true;
      const bring = offline ? writeOfflineReceipt : sync;
      await watchSync(terminal, flags, (onEvent) => bring(options, { signal, onEvent }));
      const { release, target, dryRun } = options;
      if (offline) printer(terminal, flags).json({ type: "summary", release, target: target.url, dryRun, offline });
    },
  );
}

/** Some environments of an app serve their own assets. */
async function sayDisabled(terminal: Terminal, flags: OutputFlags): Promise<void> {
  const { railsEnvironment } = await import("../config/gem-file.ts");
  const out = printer(terminal, flags);
  out.json({ type: "summary", enabled: false });
  out.line(
    `The configuration says enabled: false (RAILS_ENV is ${railsEnvironment(terminal.environment)}): nothing to do.`,
  );
}
