import { randomUUID } from "node:crypto";
import { open, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";

import { isMembers } from "../config/members.ts";
import { AssetSyncError, messageOf } from "../errors.ts";
import { errorCode, diskHint } from "../store/folder-failure.ts";
import { makeFolder } from "../store/make-folder.ts";
import { realPlace } from "./real-place.ts";
import type { NewReceipt } from "./receipt.ts";

/**
 * Writes a receipt in one step: a reader sees the whole of it or what was there before. What is there and is no file, as /dev/stdout
 * may be, is written to.
 */
export async function writeReceipt(file: string, receipt: NewReceipt): Promise<void> {
  try {
    if (await isOutlet(file)) await writeTexts(file, receiptText(receipt));
    else await replaceFile(await realPlace(file), receipt);
  } catch (cause) {
    throw unwritable(`Receipt ${file} could not be written`, cause);
  }
}

/**
 * Removes the receipt of an earlier sync, so that a build that goes on although this one has failed takes none along. What
 * is there and is no receipt stays.
 *
 * @throws AssetSyncError ASSET_SYNC_RECEIPT_UNWRITABLE
 */
export async function removeReceipt(file: string): Promise<void> {
  const failed = `Receipt ${file} of an earlier sync could not be removed, and nothing was sent`;
  const isThere = await holdsReceipt(file).catch((cause: unknown) => {
    throw unwritable(failed, cause, "Make it readable for this user, or remove it, then run the same command again.");
  });
  try {
    if (isThere) await rm(await realPlace(file), { force: true });
  } catch (cause) {
    throw unwritable(failed, cause);
  }
}

/** Whether a file holds a receipt, of whatever version. One of many files is too long to be read for this, as it was written. */
async function holdsReceipt(file: string): Promise<boolean> {
  if (await isOutlet(file)) return false;
  try {
    await using handle = await open(file, "r");
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(100), 0, 100, 0);
    if (AS_WRITTEN.test(buffer.toString("utf8", 0, bytesRead))) return true;
    if ((await handle.stat()).size > REWRITTEN_AT_MOST) return false;
    const value: unknown = JSON.parse(await handle.readFile("utf8"));
    return isMembers(value) && String(value["format"]).startsWith("slipway-receipt/");
  } catch (error) {
    if (error instanceof SyntaxError || ["ENOENT", "ENOTDIR", "EISDIR"].includes(errorCode(error))) return false;
    throw error;
  }
}

const AS_WRITTEN = /^\{\s*"format": "slipway-receipt\//;

/** In bytes. Whoever writes receipts anew has small ones, and memory is short. */
const REWRITTEN_AT_MOST = 50_000_000;

function unwritable(what: string, cause: unknown, hint: string | undefined = diskHint(cause)): AssetSyncError {
  return new AssetSyncError("ASSET_SYNC_RECEIPT_UNWRITABLE", `${what}: ${messageOf(cause)}.`, {
    ...(hint === undefined ? {} : { hint }),
    cause,
  });
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
