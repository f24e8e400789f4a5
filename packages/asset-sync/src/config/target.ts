import { parse, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import { AssetSyncError, messageOf, type ErrorDetail } from "../errors.ts";
import { bucketNameFault } from "./bucket-name.ts";
import { checkEndpoint } from "./endpoint.ts";
import { RESERVED_FOLDER } from "./reserved-folder.ts";
import { showable } from "./showable.ts";

/** Where S3 is, when it is not simply AWS in the region of the environment. Never holds a credential. */
export interface S3Location {
  readonly endpoint?: string;
  readonly region?: string;
  readonly pathStyle?: boolean;
}

/** A bucket with an optional key prefix. `prefix` is "" or ends in a slash, so that `assets` never means `assets-old`. */
export interface S3Target extends S3Location {
  readonly kind: "s3";
  readonly url: string;
  readonly bucket: string;
  readonly prefix: string;
}

/** A folder that is filled like a bucket: any web server can serve it. */
export interface FolderTarget {
  readonly kind: "folder";
  readonly url: string;
  readonly directory: string;
}

/** The place that assets go to. */
export type Target = S3Target | FolderTarget;

/**
 * Reads `s3://BUCKET[/PREFIX]`, `file:///DIR` (a URL, with %20 for a blank) or `file://DIR` (below `base`, the working
 * folder unless given).
 *
 * @throws AssetSyncError ASSET_SYNC_TARGET_INVALID, ASSET_SYNC_BUCKET_NAME or ASSET_SYNC_OPTION_INVALID (endpoint)
 */
export function parseTarget(text: string | undefined, location: S3Location = {}, base: string = ""): Target {
  if (text === undefined || text === "") {
    throw new AssetSyncError(
      "ASSET_SYNC_TARGET_INVALID",
      "No target: neither --to nor ASSET_SYNC_TO nor a configuration file names one.",
    );
  }
  checkCredentials(text);
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(text)) throw invalid(text, "expected no control characters");
  if (text.trim() !== text) throw invalid(JSON.stringify(text), "expected no blank at its end");
  if (text.split("/").includes(RESERVED_FOLDER))
    throw invalid(text, `expected no ${RESERVED_FOLDER} in it, where the ledger is`);
  if (text.startsWith("s3://")) return s3Target(text, location);
  if (text.startsWith("file://")) return folderTarget(text, base);
  throw invalid(text, "expected s3://BUCKET[/PREFIX] or file://DIR");
}

/** `file://DIR` as the URL of that folder below `base`; any other target as it is. */
export function absoluteTarget(text: string, base: string): string {
  return text.startsWith("file://") ? parseTarget(text, {}, base).url : text;
}

/**
 * Refuses what is said of S3 where the target is a folder: whoever says it means a bucket.
 *
 * @throws AssetSyncError ASSET_SYNC_OPTION_INVALID
 */
export function checkLocation({ kind }: Target, { endpoint, region, pathStyle }: S3Location): void {
  if (kind === "s3") return;
  const words = { endpoint, region, "path-style": pathStyle === true ? pathStyle : undefined };
  const [given] = Object.entries(words).find(([, value]) => value !== undefined) ?? [];
  if (given === undefined) return;
  throw new AssetSyncError(
    "ASSET_SYNC_OPTION_INVALID",
    `--${given} is given, by itself, its variable or the configuration file, but the target is a folder, which has no place for it.`,
  );
}

/** Only a path may hold an @, and in front of it no colon, so that USER:PASSWORD@ is found however it is put. */
function checkCredentials(text: string): void {
  if (!text.includes("@") || text.startsWith("file:///") || /^(s3|file):\/\/[^/@:]+\/([^:]*|[^@]*)$/s.test(text))
    return;
  throw new AssetSyncError("ASSET_SYNC_TARGET_INVALID", "The target holds a user or a password in front of an @.", {
    hint: "Credentials do not belong in a target: asset-sync takes them from the AWS chain (variables, shared files, roles).",
  });
}

function s3Target(text: string, location: S3Location): S3Target {
  if (/[?#]/.test(text)) throw invalid(text, "expected a bucket and a prefix without a query or fragment (? and #)");
  const [bucket = "", ...rest] = text.slice("s3://".length).split("/");
  const fault = bucketNameFault(bucket);
  if (fault !== undefined) {
    throw new AssetSyncError(
      "ASSET_SYNC_BUCKET_NAME",
      `Bucket name ${JSON.stringify(bucket)} in ${showable(text)}: S3 expects ${fault}.`,
    );
  }
  const parts = rest.at(-1) === "" ? rest.slice(0, -1) : rest;
  if (parts.some((part) => ["", ".", ".."].includes(part))) {
    throw invalid(text, 'expected a prefix of names joined by single slashes, without "." and ".."');
  }
  const prefix = parts.length === 0 ? "" : `${parts.join("/")}/`;
  if (location.endpoint !== undefined) checkEndpoint(location.endpoint);
  return { kind: "s3", url: `s3://${[bucket, ...parts].join("/")}`, bucket, prefix, ...location };
}

function folderTarget(text: string, base: string): FolderTarget {
  const path = text.slice("file://".length);
  if (path === "") throw invalid(text, "expected a folder");
  if (/[?#]/.test(path)) throw invalid(text, "expected a folder without a query or fragment (%3F is ?, %23 is #)");
  if (/^localhost(\/|$)/i.test(path)) {
    throw invalid(text, "expected a folder; file://DIR lies below the working folder and names no host", {
      hint: "Write file:///DIR for an absolute folder, file://./localhost/DIR for one below the working folder.",
    });
  }
  const directory = resolve(base, path.startsWith("/") ? pathOf(text) : path);
  if (directory === parse(directory).root) throw invalid(text, "expected a folder, not the root of the file system");
  return { kind: "folder", url: pathToFileURL(directory).href, directory };
}

function pathOf(text: string): string {
  try {
    const path = fileURLToPath(text);
    if (!path.includes("\0")) return path;
  } catch (cause) {
    throw invalid(text, `expected the URL of a folder (${messageOf(cause)})`, { cause });
  }
  throw invalid(text, "expected no control characters");
}

function invalid(text: string, expected: string, detail: ErrorDetail = {}): AssetSyncError {
  return new AssetSyncError("ASSET_SYNC_TARGET_INVALID", `Target ${showable(text)}: ${expected}.`, detail);
}
