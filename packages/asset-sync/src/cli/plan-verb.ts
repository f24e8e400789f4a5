import { resolve } from "node:path";

import type { Command } from "commander";

import { resolveOptions, type Flags } from "../config/options.ts";
import { writePlan } from "../sync/saved-plan.ts";
import { plan } from "../sync/sync.ts";
import { count } from "../amounts.ts";
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

interface OutFlag {
  readonly out?: string;
}

/** `asset-sync plan`: what a sync would do, file by file. */
export function planVerb(terminal: Terminal, signal: AbortSignal): Command {
  const command = verb(
    "plan",
    "Says what a sync would send, and why; writes nothing.",
    "asset-sync plan public --to s3://shop-assets",
  );
  withOutput(withCloudFront(withReceipt(withObjects(withTarget(withSource(command)))))).option(
    "--out <file>",
    "keep the plan for `asset-sync apply`",
  );
  return command.action(async (publicDir: string | undefined, flags: Flags & OutFlag & ConfigFlag & OutputFlags) => {
    const { environment, directory } = terminal;
    const file = await readConfig(flags, terminal, signal);
    const options = resolveOptions(publicDir, { ...flags, file }, environment, directory);
    const made = await plan(options, { signal });
    if (flags.out !== undefined) await writePlan(resolve(directory, flags.out), { options, plan: made });
    const out = printer(terminal, flags);
    for (const { key, reason, phase, size, sha256, headers } of made.puts) {
      out.json({ type: "put", key, reason, phase, size, sha256, headers });
      out.line(`put  ${key}  (${reason}, ${phase})`);
    }
    for (const { key, reason, phase, size, sha256, headers } of made.copies) {
      out.json({ type: "copy", key, reason, phase, size, sha256, headers });
      out.line(`copy ${key}  (${reason}, ${phase})`);
    }
    const { release, bytes, unchanged, recordsRelease } = made;
    const { length: puts } = made.puts;
    const { length: copies } = made.copies;
    out.json({ type: "summary", release, puts, copies, unchanged: unchanged.length, bytes, recordsRelease });
    const ledger = recordsRelease ? "the ledger would be written" : "the ledger stays as it is";
    const headers = copies === 0 ? "" : `${copies} to get other headers, `;
    out.line(`${count(puts, "file")} to send, ${headers}${unchanged.length} there already; ${ledger}`);
  });
}
