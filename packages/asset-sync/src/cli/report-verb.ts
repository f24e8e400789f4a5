import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";

import type { Command } from "commander";

import { COLLECT_DEFAULTS, collectOptions, type CollectFlags } from "../collect/collect-options.ts";
import { checkNotEmpty } from "../config/environment.ts";
import { resolveTarget, type Flags } from "../config/options.ts";
import { AssetSyncError, messageOf } from "../errors.ts";
import { report } from "../report/report.ts";
import { amountText, collectableText, usagePage } from "../report/usage-page.ts";
import { bytesText } from "../amounts.ts";
import { verb, withConfig, withOutput, withTarget, type ConfigFlag, type OutputFlags } from "./flags.ts";
import { readConfig } from "./read-config.ts";
import { printer, type Terminal } from "./terminal.ts";

interface HtmlFlag {
  readonly html?: string;
}

type Words = Flags & CollectFlags & HtmlFlag & ConfigFlag & OutputFlags;

/** `asset-sync report`: what is stored, and why. */
export function reportVerb(terminal: Terminal, signal: AbortSignal): Command {
  const command = verb(
    "report",
    "Says what is stored, what grew, and what a collection would free.",
    "asset-sync report --to s3://shop-assets --html assets.html",
  );
  const { keep, minAge } = COLLECT_DEFAULTS;
  withOutput(withConfig(withTarget(command)))
    .option("--html <file>", "also write it as a page that stands alone")
    .option("--keep <number>", `as for collect (default: ${keep})`)
    .option("--min-age <time>", `as for collect (default: ${minAge})`);
  return command.action(async (flags: Words) => {
    const { environment, directory } = terminal;
    checkNotEmpty({ html: flags.html });
    const file = await readConfig(flags, terminal, signal);
    const target = resolveTarget({ ...flags, file }, environment, directory);
    const rules = collectOptions(flags, { target, environment, directory, input: process.stdin });
    const usage = await report(target, { ...rules, running: new Set() }, { signal });
    if (flags.html !== undefined) await writePage(resolve(directory, flags.html), usagePage(target.url, usage));
    const out = printer(terminal, flags);
    const { stored, releases, collectable } = usage;
    for (const one of releases) {
      out.json({ type: "release", ...one });
      out.line(`${one.release}  ${amountText(one.needed)}; ${bytesText(one.added.bytes)} new`);
    }
    out.json({ type: "summary", target: target.url, ...usage, releases: releases.length });
    out.line(`${target.url}: ${amountText(stored)}; collect would free ${collectableText(collectable)}`);
  });
}

/** @throws AssetSyncError ASSET_SYNC_OPTION_INVALID */
async function writePage(file: string, page: string): Promise<void> {
  await writeFile(file, page).catch((cause: unknown) => {
    throw new AssetSyncError("ASSET_SYNC_OPTION_INVALID", `--html ${file} cannot be written: ${messageOf(cause)}.`, {
      cause,
    });
  });
}
