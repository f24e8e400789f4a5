import { readFile, writeFile } from "node:fs/promises";

import { isMembers } from "../config/members.ts";
import type { SyncOptions } from "../config/options.ts";
import { AssetSyncError, listed, messageOf } from "../errors.ts";
import type { Plan, PlannedPut } from "../plan/plan.ts";
import { assetFolders } from "../scan/asset-folders.ts";
import { headersText } from "../scan/headers.ts";
import { scannedKey } from "./receipt-place.ts";

/** A plan that can be looked at, kept, and carried out later, with the options it was made with. */
export interface SavedPlan {
  readonly options: SyncOptions;
  readonly plan: Plan;
}

const NAMED_AT_MOST = 10;

/**
 * Writes a plan as JSON.
 *
 * @throws AssetSyncError ASSET_SYNC_PLAN_INVALID when it cannot be written, or would be uploaded as an asset
 */
export async function writePlan(file: string, saved: SavedPlan): Promise<void> {
  const { options } = saved;
  const key = await scannedKey(file, options, await assetFolders(options.publicDir, options.dirs));
  if (key !== undefined)
    throw invalid(file, `the next sync would upload it as ${key}; expected a file outside of the asset folders`);
  await writeFile(file, `${JSON.stringify(saved, null, 2)}\n`).catch((cause: unknown) => {
    throw invalid(file, `it cannot be written: ${messageOf(cause)}`, cause);
  });
}

/**
 * Reads a plan back.
 *
 * @throws AssetSyncError ASSET_SYNC_PLAN_INVALID
 */
export async function readPlan(file: string): Promise<SavedPlan> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(file, "utf8"));
  } catch (cause) {
    throw invalid(file, `it cannot be read: ${messageOf(cause)}`, cause);
  }
  if (isSavedPlan(value)) return value;
  throw invalid(file, "it is not a plan of this version of asset-sync");
}

/**
 * Holds a plan that was made now against the saved one. Pure.
 *
 * @throws AssetSyncError ASSET_SYNC_PLAN_STALE, naming what is different
 */
export function checkSame(saved: Plan, now: Plan): void {
  const lines = [...ledgerLines(saved, now), ...fileLines(saved, now)];
  if (lines.length === 0) return;
  throw new AssetSyncError(
    "ASSET_SYNC_PLAN_STALE",
    `The plan of ${saved.release} is not what would be done now:${listed(lines, NAMED_AT_MOST)}`,
  );
}

function ledgerLines(saved: Plan, now: Plan): readonly string[] {
  if (saved.ledger.version === now.ledger.version) return [];
  const known = new Set(saved.ledger.releases);
  const added = now.ledger.releases.filter((release) => !known.has(release));
  const by = added.length === 0 ? "" : `; releases since: ${added.join(", ")}`;
  return [`the ledger was version ${saved.ledger.version ?? "none"} and is ${now.ledger.version ?? "none"}${by}`];
}

function fileLines(saved: Plan, now: Plan): readonly string[] {
  const before = actions(saved);
  const after = actions(now);
  const keys = [...new Set([...before.keys(), ...after.keys()])].toSorted();
  return keys.flatMap((key) => {
    const [was, is] = [before.get(key), after.get(key)];
    if (was?.text === is?.text) return [];
    if (was === undefined) return [`${key} was not among the assets`];
    if (is === undefined) return [`${key} is no longer among the assets`];
    return [`${key} has changed: planned was ${was.action}, now it is ${is.action}`];
  });
}

interface Action {
  readonly action: string;
  readonly text: string;
}

function actions({ puts, copies, unchanged }: Plan): ReadonlyMap<string, Action> {
  return new Map([
    ...puts.map((put) => [put.key, sending("put", put)] as const),
    ...copies.map((put) => [put.key, sending("copy", put)] as const),
    ...unchanged.map((key) => [key, { action: "nothing", text: "nothing" }] as const),
  ]);
}

function sending(verb: "put" | "copy", { reason, sha256, headers }: PlannedPut): Action {
  return { action: `${verb} (${reason})`, text: [verb, reason, sha256, headersText(headers)].join("\n") };
}

function isSavedPlan(value: unknown): value is SavedPlan {
  if (!isMembers(value) || !isMembers(value["options"]) || !isMembers(value["plan"])) return false;
  const { options, plan } = value;
  const { format, ledger } = plan;
  if (format !== "slipway-plan/1" || !isMembers(ledger) || !isMembers(options["target"])) return false;
  const lists = [plan["puts"], plan["copies"], plan["unchanged"], ledger["releases"]];
  return lists.every((list) => Array.isArray(list)) && typeof options["publicDir"] === "string";
}

function invalid(file: string, reason: string, cause?: unknown): AssetSyncError {
  return new AssetSyncError("ASSET_SYNC_PLAN_INVALID", `Plan ${file}: ${reason}.`, { cause });
}
