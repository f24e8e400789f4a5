import { readFile } from "node:fs/promises";

import { isMembers, type Members } from "../config/members.ts";
import { isReleaseId } from "../config/release.ts";
import { parseTarget, type Target } from "../config/target.ts";
import { AssetSyncError, messageOf } from "../errors.ts";
import { LEDGER_KEY } from "../ledger/ledger.ts";
import type { Asset } from "../scan/asset.ts";

/** The format's name. */
export const RECEIPT_FORMAT = "slipway-receipt/1";

/**
 * What stands in an image about its assets. Holds no credential and no time: the same release, target and assets give the
 * same receipt but for the ledger's version.
 */
export interface Receipt {
  readonly format: typeof RECEIPT_FORMAT;
  readonly release: string;
  /** `s3://bucket/prefix` or `file:///folder`. */
  readonly target: string;
  readonly endpoint?: string;
  readonly region?: string;
  readonly pathStyle?: boolean;
  /**
   * The ledger's key below the prefix, and the version in which this sync found or wrote the release: what to look for in
   * a bucket's history. Other releases change the version; `verify` reads the newest.
   */
  readonly ledger: { readonly key: string; readonly version: string };
  /** SHA-256 (lower-case hex) of the stored bytes by key below the prefix. */
  readonly files: Readonly<Record<string, string>>;
  /** Those of its keys that a newer release may fill with other bytes: plain files, manifests, siblings that a sync has made. */
  readonly replaceable: readonly string[];
}

/** A receipt to be written: its files are looked at one by one, and not held twice. */
export type NewReceipt = Omit<Receipt, "files"> & { readonly files: readonly Pick<Asset, "key" | "sha256">[] };

/** The receipt of a release whose assets are all there. */
export function makeReceipt(release: string, target: Target, version: string, assets: readonly Asset[]): NewReceipt {
  return {
    format: RECEIPT_FORMAT,
    release,
    target: target.url,
    ...(target.kind === "s3" && target.endpoint !== undefined ? { endpoint: target.endpoint } : {}),
    ...(target.kind === "s3" && target.region !== undefined ? { region: target.region } : {}),
    ...(target.kind === "s3" && target.pathStyle === true ? { pathStyle: true } : {}),
    ledger: { key: LEDGER_KEY, version },
    files: assets,
    replaceable: assets.filter(({ phase, made }) => phase !== "fingerprinted" || made === true).map(({ key }) => key),
  };
}

/**
 * Reads and checks a receipt.
 *
 * @throws AssetSyncError ASSET_SYNC_RECEIPT_INVALID
 */
export async function readReceipt(file: string): Promise<Receipt> {
  const value = await parse(file);
  if (isReceipt(value)) return value;
  throw new AssetSyncError("ASSET_SYNC_RECEIPT_INVALID", `Receipt ${file}: ${receiptFault(value) ?? "wrong"}.`);
}

async function parse(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch (cause) {
    throw new AssetSyncError("ASSET_SYNC_RECEIPT_INVALID", `Receipt ${file} cannot be read: ${messageOf(cause)}.`, {
      cause,
    });
  }
}

function isReceipt(value: unknown): value is Receipt {
  return receiptFault(value) === undefined;
}

function receiptFault(value: unknown): string | undefined {
  if (!isMembers(value)) return "expected an object";
  const { format, release, target, files } = value;
  if (format !== RECEIPT_FORMAT) return `format is ${shown(format)}, expected ${shown(RECEIPT_FORMAT)}`;
  if (typeof release !== "string" || !isReleaseId(release))
    return `release is ${shown(release)}, expected a release id`;
  if (typeof target !== "string") return "target is not a text";
  return (
    locationFault(value) ??
    targetFault(target, value) ??
    ledgerFault(value["ledger"]) ??
    filesFault(files) ??
    replaceableFault(value["replaceable"])
  );
}

function locationFault({ endpoint, region, pathStyle }: Members): string | undefined {
  if (endpoint !== undefined && typeof endpoint !== "string") return "endpoint is not a text";
  if (region !== undefined && (typeof region !== "string" || region === ""))
    return `region is ${shown(region)}, expected a text`;
  if (pathStyle !== undefined && typeof pathStyle !== "boolean")
    return `pathStyle is ${shown(pathStyle)}, expected true or false`;
  return undefined;
}

function targetFault(target: string, { endpoint }: Members): string | undefined {
  try {
    parseTarget(target, typeof endpoint === "string" ? { endpoint } : {});
    return undefined;
  } catch (error) {
    if (error instanceof AssetSyncError) return error.message.replace(/\.$/, "");
    throw error;
  }
}

function ledgerFault(ledger: unknown): string | undefined {
  if (!isMembers(ledger)) return "ledger is not an object";
  const wrong = ["key", "version"].find((name) => typeof ledger[name] !== "string");
  return wrong === undefined ? undefined : `ledger.${wrong} is not a text`;
}

function filesFault(files: unknown): string | undefined {
  if (!isMembers(files)) return "files is not an object";
  const wrong = Object.keys(files).find((key) => !isDigest(files[key]));
  return wrong === undefined ? undefined : `the digest of ${JSON.stringify(wrong)} is not a SHA-256 in hex`;
}

function replaceableFault(replaceable: unknown): string | undefined {
  const keys = Array.isArray(replaceable) && replaceable.every((key) => typeof key === "string");
  return keys ? undefined : "replaceable is not a list of keys";
}

function isDigest(digest: unknown): boolean {
  return typeof digest === "string" && /^[0-9a-f]{64}$/.test(digest);
}

/** Not more of a wrong value than is of use. */
function shown(value: unknown): string {
  return (JSON.stringify(value) ?? "missing").slice(0, 80);
}
