import { readFile, writeFile } from "node:fs/promises";

import { isMembers } from "../config/members.ts";
import { AssetSyncError, messageOf } from "../errors.ts";
import type { CollectOptions } from "./collect.ts";
import type { CollectionPlan } from "./collection-plan.ts";

/** A collection that can be looked at, kept, and carried out later. */
export interface SavedCollection {
  readonly target: CollectOptions["target"];
  /** What it was planned with, and is carried out with. */
  readonly rules: Pick<CollectOptions, "keep" | "minAge">;
  readonly plan: CollectionPlan;
}

/** Writes it as JSON. */
export async function writeCollection(file: string, saved: SavedCollection): Promise<void> {
  await writeFile(file, `${JSON.stringify(saved, null, 2)}\n`).catch((cause: unknown) => {
    throw invalid(file, `it cannot be written: ${messageOf(cause)}`, cause);
  });
}

/**
 * Reads it back, for the target that is named now.
 *
 * @throws AssetSyncError ASSET_SYNC_PLAN_INVALID
 */
export async function readCollection(file: string, { url }: CollectOptions["target"]): Promise<SavedCollection> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(file, "utf8"));
  } catch (cause) {
    throw invalid(file, `it cannot be read: ${messageOf(cause)}`, cause);
  }
  if (!isSaved(value)) throw invalid(file, "it is not a collection of this version of asset-sync");
  if (value.target.url !== url) throw invalid(file, `it was made for ${value.target.url}, and now ${url} is named`);
  return value;
}

function isSaved(value: unknown): value is SavedCollection {
  if (!isMembers(value)) return false;
  const { target, rules, plan } = value;
  if (!isMembers(target) || !isMembers(rules) || !isMembers(plan)) return false;
  const { format, keys, leftOver, dropped } = plan;
  const areRules = isWholeNumber(rules["keep"], 1) && isWholeNumber(rules["minAge"], 0);
  return areRules && format === "slipway-collection/1" && isTexts(keys) && isTexts(leftOver) && isTexts(dropped);
}

function isWholeNumber(value: unknown, least: number): boolean {
  return Number.isSafeInteger(value) && Number(value) >= least;
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((one) => typeof one === "string");
}

function invalid(file: string, reason: string, cause?: unknown): AssetSyncError {
  return new AssetSyncError("ASSET_SYNC_PLAN_INVALID", `Plan ${file}: ${reason}.`, {
    hint: "Make it anew with `asset-sync collect --out FILE`.",
    cause,
  });
}
