import type { Command } from "commander";

import { resolveTarget, type Flags } from "../config/options.ts";
import { releases } from "../sync/releases.ts";
import { count } from "../amounts.ts";
import { verb, withConfig, withOutput, withTarget, type ConfigFlag, type OutputFlags } from "./flags.ts";
import { readConfig } from "./read-config.ts";
import { printer, type Terminal } from "./terminal.ts";

/** `asset-sync releases`: what the ledger knows, newest first. */
export function releasesVerb(terminal: Terminal, signal: AbortSignal): Command {
  const command = verb(
    "releases",
    "Lists the releases that the ledger knows.",
    "asset-sync releases --to s3://shop-assets",
  );
  withOutput(withConfig(withTarget(command)));
  return command.action(async (flags: Flags & ConfigFlag & OutputFlags) => {
    const { environment, directory } = terminal;
    const file = await readConfig(flags, terminal, signal);
    const found = await releases(resolveTarget({ ...flags, file }, environment, directory), { signal });
    const out = printer(terminal, flags);
    for (const release of found) {
      out.json({ type: "release", ...release });
      out.line(`${release.at}  ${release.id}  ${count(release.files, "file")}${release.pinned ? "  pinned" : ""}`);
    }
    out.json({ type: "summary", releases: found.length });
    if (found.length === 0) out.line("The ledger knows no release.");
  });
}
