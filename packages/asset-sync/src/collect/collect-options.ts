import { resolve } from "node:path";

import { durationSeconds } from "../config/duration.ts";
import type { Environment } from "../config/environment.ts";
import type { Target } from "../config/target.ts";
import { AssetSyncError } from "../errors.ts";
import { ecsService, ecsTasks } from "./ecs-tasks.ts";
import type { CollectOptions } from "./collect.ts";
import type { RunningSource } from "./running-images.ts";
import { runningFile, runningInput } from "./running-list.ts";

/** What a command line says of a collection. */
export interface CollectFlags {
  readonly keep?: string;
  readonly minAge?: string;
  readonly maxDelete?: string;
  readonly runningFrom?: readonly string[];
  readonly takeOver?: boolean;
}

/** What is kept unless told otherwise: releases, how long after they were superseded, and deletes at most. */
export const COLLECT_DEFAULTS = { keep: "5", minAge: "7d", maxDelete: "1000" } as const;

/** Where a command line runs. */
export interface CollectPlace {
  readonly target: Target;
  readonly environment: Environment;
  readonly directory: string;
  readonly input: NodeJS.ReadableStream;
}

/**
 * Reads the words of a command line.
 *
 * @param planned what a kept plan was made with, for what the command line does not say
 * @throws AssetSyncError ASSET_SYNC_OPTION_INVALID
 */
export function collectOptions(
  flags: CollectFlags,
  place: CollectPlace,
  planned?: Pick<CollectOptions, "keep" | "minAge">,
): CollectOptions {
  const { keep, minAge, maxDelete } = { ...COLLECT_DEFAULTS, ...flags };
  const input = runningInput(place.input);
  return {
    target: place.target,
    keep: (flags.keep === undefined ? planned?.keep : undefined) ?? wholeNumber("keep", keep, 1),
    minAge: (flags.minAge === undefined ? planned?.minAge : undefined) ?? durationSeconds("min-age", minAge),
    maxDelete: wholeNumber("max-delete", maxDelete, 0),
    takeOver: flags.takeOver === true,
    runningFrom: (flags.runningFrom ?? []).map((words) => (words === "-" ? input : runningSource(words, place))),
  };
}

function runningSource(words: string, { target, environment, directory }: CollectPlace): RunningSource {
  if (!words.startsWith("ecs:")) {
    if (words === "") throw invalid("--running-from is empty: expected ecs:CLUSTER/SERVICE, a file or -.");
    return runningFile(resolve(directory, words));
  }
  return ecsTasks(ecsService(words), environment, target.kind === "s3" ? target.region : undefined);
}

function wholeNumber(flag: string, text: string, least: number): number {
  if (/^\d{1,9}$/.test(text) && Number(text) >= least) return Number(text);
  throw invalid(`--${flag} ${JSON.stringify(text)}: expected a whole number, ${least} or more.`);
}

function invalid(message: string): AssetSyncError {
  return new AssetSyncError("ASSET_SYNC_OPTION_INVALID", message);
}
