import { resolve } from "node:path";

import type { Command } from "commander";

import { collect, planCollect, type CollectOptions } from "../collect/collect.ts";
import { COLLECT_DEFAULTS, collectOptions, type CollectFlags } from "../collect/collect-options.ts";
import type { CollectionPlan } from "../collect/collection-plan.ts";
import { readCollection, writeCollection } from "../collect/saved-collection.ts";
import { objectOptions } from "../config/object-options.ts";
import { resolveTarget, type Flags } from "../config/options.ts";
import type { AssetSyncError } from "../errors.ts";
import type { CollectionEvent } from "../events.ts";
import { bytesText, count } from "../amounts.ts";
import {
  repeated,
  verb,
  withConfig,
  withEncryption,
  withOutput,
  withTarget,
  type ConfigFlag,
  type OutputFlags,
} from "./flags.ts";
import { readConfig } from "./read-config.ts";
import { printer, type Printer, type Terminal } from "./terminal.ts";

interface PlanFlags {
  readonly dryRun?: boolean;
  readonly out?: string;
  readonly plan?: string;
}

type Words = Flags & CollectFlags & PlanFlags & ConfigFlag & OutputFlags;

/** `asset-sync collect`: deletes what no release needs that has to be kept. */
export function collectVerb(terminal: Terminal, signal: AbortSignal): Command {
  const command = verb(
    "collect",
    "Deletes the files that no kept release needs.",
    "asset-sync collect --to s3://shop-assets --keep 5 --min-age 7d --running-from ecs:production/web",
  );
  withLimits(withOutput(withEncryption(withConfig(withTarget(command)))));
  return command.action(async (flags: Words) => {
    const { environment, directory } = terminal;
    const file = await readConfig(flags, terminal, signal);
    const target = resolveTarget({ ...flags, file }, environment, directory);
    const { encryption } = objectOptions(flags, file, target);
    const place = { target, environment, directory, input: process.stdin };
    const saved = flags.plan === undefined ? undefined : await readCollection(resolve(directory, flags.plan), target);
    const said = collectOptions(flags, place, saved?.rules);
    const options = { ...said, ...(encryption === undefined ? {} : { encryption }) };
    const out = printer(terminal, flags);
    const control = { signal, onEvent: (event: CollectionEvent) => showEvent(event, out) };
    if (options.runningFrom.length === 0) out.line("running   nothing is asked what runs (--running-from)");
    if (flags.dryRun === true || flags.out !== undefined) {
      const { plan, refusal } = await planCollect(options, control, saved?.plan);
      const { keep, minAge } = options;
      const kept = { target, rules: { keep, minAge }, plan };
      if (flags.out !== undefined) await writeCollection(resolve(directory, flags.out), kept);
      return showPlan(plan, refusal, options, out);
    }
    await collect(options, control, saved?.plan);
  });
}

/** Adds the flags that say what stays and what may go. */
function withLimits(command: Command): Command {
  const { keep, minAge, maxDelete } = COLLECT_DEFAULTS;
  return command
    .option("--keep <number>", `the last so many releases are kept (default: ${keep})`)
    .option(
      "--min-age <time>",
      `so are those that were among these less long ago, for example 12h (default: ${minAge})`,
    )
    .option("--max-delete <number>", `delete nothing where it would be more (default: ${maxDelete})`)
    .option(
      "--running-from <source>",
      "keep releases whose image runs: ecs:CLUSTER/SERVICE, a file of images or releases, or - for standard input; may be repeated",
      repeated,
    )
    .option("--dry-run", "say what would be deleted; delete nothing")
    .option("--out <file>", "keep the plan and its rules for --plan; delete nothing")
    .option(
      "--plan <file>",
      "delete nothing that this plan does not name; its --keep and --min-age count unless others are given",
    )
    .option("--take-over", "a collection that was killed is known to have ended: let no build wait for it any longer");
}

/** @throws AssetSyncError where the plan would be refused */
function showPlan(
  plan: CollectionPlan,
  refusal: AssetSyncError | undefined,
  { target }: CollectOptions,
  out: Printer,
): void {
  const { kept, dropped, keys, leftOver, bytes, left } = plan;
  for (const { release, reasons } of kept) {
    out.json({ type: "kept", release, reasons });
    out.line(`keep    ${release}  (${reasons.join(", ")})`);
  }
  for (const release of dropped) {
    out.json({ type: "dropped", release });
    out.line(`forget  ${release}`);
  }
  for (const key of [...keys, ...leftOver]) {
    out.json({ type: "delete", key });
    out.line(`delete  ${key}`);
  }
  const deleted = keys.length + leftOver.length;
  out.line(`${target.url}: ${count(deleted, "file")} (${bytesText(bytes)}) would be deleted, ${left} stay`);
  if (refusal !== undefined) {
    out.line("A collection with these limits would be refused, and nothing be deleted:");
    throw refusal;
  }
  out.json({ type: "summary", target: target.url, releases: dropped.length, deleted, bytes, left });
}

function showEvent(event: CollectionEvent, out: Printer): void {
  out.json(event);
  const line = lineOf(event);
  if (line !== undefined) out.line(line);
}

function lineOf(event: CollectionEvent): string | undefined {
  switch (event.type) {
    case "ledger-read":
      if (event.files + event.releases === 0) return `ledger    none, or nothing in it  ${event.key}`;
      return `ledger    ${count(event.files, "file")} of ${count(event.releases, "release")}  ${event.key}`;
    case "collection-planned":
      return `plan      ${count(event.releases, "release")} to forget, ${count(event.files, "file")} to delete (${bytesText(event.bytes)}), ${event.left} stay`;
    case "deleted":
      return `deleted   ${count(event.count, "file")}`;
    case "summary": {
      const { target, deleted, bytes, left, requests } = event;
      return `${target}: ${count(deleted, "file")} deleted (${bytesText(bytes)}), ${left} stay, ${count(requests.total, "request")}`;
    }
    default:
      return undefined;
  }
}
