import { randomUUID } from "node:crypto";
import { open, readdir, readFile, realpath, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";

import { isMembers, type Members } from "../config/members.ts";
import { isReleaseId } from "../config/release.ts";
import { parseTarget, type Target } from "../config/target.ts";
import { AssetSyncError, messageOf } from "../errors.ts";
import { LEDGER_KEY } from "../ledger/ledger.ts";
import type { Asset } from "../scan/asset.ts";
import { makeFolder } from "../store/make-folder.ts";

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
 * Writes a receipt in one step: a reader sees the old one or the new one. What is there and is no file, as /dev/stdout
 * may be, is written to.
 */
export async function writeReceipt(file: string, receipt: NewReceipt): Promise<void> {
  try {
    if (await isOutlet(file)) await writeTexts(file, receiptText(receipt));
    else await replaceFile(await realpath(file).catch(() => file), receipt);
  } catch (cause) {
    throw new AssetSyncError(
      "ASSET_SYNC_RECEIPT_UNWRITABLE",
      `Receipt ${file} could not be written: ${messageOf(cause)}.`,
      {
        cause,
      },
    );
  }
}

/** A file that is moved to the name of a device takes its place, for everyone on this machine. */
async function isOutlet(file: string): Promise<boolean> {
  const found = await stat(file).catch(() => undefined);
  return found !== undefined && !found.isFile() && !found.isDirectory();
}

async function replaceFile(file: string, receipt: NewReceipt): Promise<void> {
  const draft = join(dirname(file), `.asset-receipt-${randomUUID()}.draft`);
  await makeFolder(dirname(file));
  await removeAbandoned(dirname(file));
  try {
    await writeTexts(draft, receiptText(receipt));
    await rename(draft, file);
  } finally {
    await rm(draft, { force: true });
  }
}

/** Writes one text after the other out of one buffer: of many, hundreds would wait to be collected. */
async function writeTexts(file: string, texts: Iterable<string>): Promise<void> {
  await using handle = await open(file, "w");
  let buffer = Buffer.allocUnsafeSlow(0);
  for (const text of texts) {
    // No character of a text has more than three bytes of UTF-8.
    if (buffer.length < 3 * text.length) buffer = Buffer.allocUnsafeSlow(3 * text.length);
    await handle.writeFile(buffer.subarray(0, buffer.write(text)));
  }
}

/** JSON, indented by two, a piece at a time: all of it would cost as much memory as the rest of a large sync. */
function* receiptText({ files, replaceable, ...head }: NewReceipt): Generator<string> {
  yield `${JSON.stringify(head, null, 2).slice(0, -2)},\n  "files": {`;
  for (let at = 0; at < files.length; at += ROWS_AT_ONCE) {
    const rows = files
      .slice(at, at + ROWS_AT_ONCE)
      .map(({ key, sha256 }) => `\n    ${JSON.stringify(key)}: "${sha256}"`);
    yield `${at === 0 ? "" : ","}${rows.join(",")}`;
  }
  const last = JSON.stringify(replaceable, null, 2).replaceAll("\n", "\n  ");
  yield `${files.length === 0 ? "" : "\n  "}},\n  "replaceable": ${last}\n}\n`;
}

const ROWS_AT_ONCE = 200;

/** A receipt is written in no time: whoever wrote an older draft was killed over it. */
const ABANDONED_AFTER_MS = 60_000;

async function removeAbandoned(folder: string): Promise<void> {
  const drafts = (await readdir(folder)).filter((name) => /^\.asset-receipt-[0-9a-f-]{36}\.draft$/.test(name));
  for (const name of drafts) {
    const draft = join(folder, name);
    const { mtimeMs } = await stat(draft).catch(() => ({ mtimeMs: Date.now() }));
    if (Date.now() - mtimeMs > ABANDONED_AFTER_MS) await rm(draft, { force: true });
  }
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
