import { resolve } from "node:path";

import type { Command } from "commander";

import { durationSeconds } from "../config/duration.ts";
import { checkNotEmpty, checkVariableNames, variable, VARIABLES } from "../config/environment.ts";
import { checkKeyPair } from "../config/key-pair.ts";
import { ownLocation, RECEIPT_NAME, type Flags } from "../config/options.ts";
import { absoluteTarget } from "../config/target.ts";
import { parseOrigin, parseVia } from "../config/via.ts";
import { AssetSyncError } from "../errors.ts";
import { readReceipt } from "../sync/receipt.ts";
import { verify, type VerifyOptions, type VerifySummary } from "../verify/verify.ts";
import { count } from "../amounts.ts";
import { verb, withOutput, withTarget, type OutputFlags } from "./flags.ts";
import { printer, type Printer, type Terminal } from "./terminal.ts";

/** `asset-sync verify`: does the target hold what a receipt names? Exit code 0 or 1 is the answer. */
export function verifyVerb(terminal: Terminal, signal: AbortSignal, answer: (code: number) => void): Command {
  const command = verb(
    "verify",
    "Asks in one request whether the target holds all that a receipt names.",
    "asset-sync verify --receipt public/.asset-receipt.json",
  );
  withOutput(withTarget(command))
    .option("--receipt <file>", `the receipt (${VARIABLES.receipt}; default: public/${RECEIPT_NAME})`)
    .option("--deep", "look at each object instead of believing the ledger")
    .option("--via <url>", "fetch each file from there as a browser does, for example from a CDN")
    .option("--origin <url>", "with --via: the page that asks there, to see whether it may (CORS)")
    .option("--time-limit <duration>", "with --via: how long all of it may take, for example 90s (default: 10m)");
  return command.action(async (flags: Flags & OutputFlags & LookFlags) => {
    const { environment, directory } = terminal;
    const look = lookOptions(flags);
    checkVariableNames(environment);
    const given = flags.receipt ?? variable(environment, VARIABLES.receipt) ?? `public/${RECEIPT_NAME}`;
    const to = flags.to ?? variable(environment, VARIABLES.to);
    const receipt = resolve(directory, given);
    const { target } = await readReceipt(receipt);
    if ((to ?? target).startsWith("s3:")) checkKeyPair(environment);
    // AWS_REGION in a container is that of its tasks: where the assets are, the receipt knows better.
    const location = ownLocation(flags, environment);
    const summary = await verify({
      receipt,
      signal,
      ...(to === undefined ? {} : { to: absoluteTarget(to, directory) }),
      ...location,
      ...look,
    });
    const exitCode = summary.holds ? 0 : 1;
    print(summary, exitCode, printer(terminal, flags));
    answer(exitCode);
  });
}

interface LookFlags {
  readonly deep?: boolean;
  readonly via?: string;
  readonly origin?: string;
  readonly timeLimit?: string;
}

function lookOptions({
  deep,
  via,
  origin,
  timeLimit,
}: LookFlags): Pick<VerifyOptions, "deep" | "via" | "origin" | "limit"> {
  checkNotEmpty({ via, origin });
  const [alone] = Object.entries({ origin, "time-limit": timeLimit }).find(([, value]) => value !== undefined) ?? [];
  if (alone !== undefined && via === undefined) {
    throw new AssetSyncError("ASSET_SYNC_OPTION_INVALID", `--${alone} is given without --via: expected both.`);
  }
  return {
    ...(deep === undefined ? {} : { deep }),
    ...(via === undefined ? {} : { via: parseVia(via) }),
    ...(origin === undefined ? {} : { origin: parseOrigin(origin) }),
    ...(timeLimit === undefined ? {} : { limit: durationSeconds("time-limit", timeLimit) * 1000 }),
  };
}

function print(summary: VerifySummary, exitCode: number, out: Printer): void {
  out.json(exitCode === 0 ? summary : { ...summary, exitCode });
  for (const key of summary.missing) out.line(`missing    ${key}`);
  for (const key of summary.different) out.line(`different  ${key}`);
  for (const key of summary.superseded)
    out.line(`superseded ${key}  (stands for another release's bytes, as its name allows)`);
  for (const { key, what, found, expected } of summary.faults) {
    out.line(`wrong      ${key}  ${what} is ${found}, expected ${expected}`);
  }
  if (summary.recorded === false) {
    out.line(
      `The ledger knows no release ${summary.release}: it was never synced or pushed, or has been collected since.`,
    );
  }
  if (summary.ledger === "damaged") out.line("The ledger is damaged: each object was looked at instead.");
  const answer = summary.holds
    ? `holds all ${count(summary.files, "file")}`
    : `does not hold ${wrongKeys(summary)} of ${count(summary.files, "file")}`;
  out.line(`${summary.target} ${answer} of ${summary.release}`);
}

function wrongKeys({ missing, different, faults }: VerifySummary): number {
  return new Set([...missing, ...different, ...faults.map(({ key }) => key)]).size;
}
