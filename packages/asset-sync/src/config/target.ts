import { resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import { AssetSyncError } from "../errors.ts";
import { bucketNameFault } from "./bucket-name.ts";

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
 * Reads `s3://BUCKET[/PREFIX]` or `file://DIR`.
 *
 * @throws AssetSyncError ASSET_SYNC_TARGET_INVALID, ASSET_SYNC_BUCKET_NAME or ASSET_SYNC_OPTION_INVALID (endpoint)
 */
export function parseTarget(text: string | undefined, location: S3Location = {}): Target {
  if (text === undefined || text === "") {
    throw new AssetSyncError("ASSET_SYNC_TARGET_INVALID", "No target: neither --to nor ASSET_SYNC_TO is given.");
  }
  if (text.startsWith("s3://")) return s3Target(text, location);
  if (text.startsWith("file://")) return folderTarget(text);
  throw new AssetSyncError(
    "ASSET_SYNC_TARGET_INVALID",
    `Target ${JSON.stringify(text)}: expected s3://BUCKET[/PREFIX] or file://DIR.`,
  );
}

function s3Target(text: string, location: S3Location): S3Target {
  const [bucket = "", ...rest] = text.slice("s3://".length).split("/");
  const fault = bucketNameFault(bucket);
  if (fault !== undefined) {
    throw new AssetSyncError(
      "ASSET_SYNC_BUCKET_NAME",
      `Bucket name ${JSON.stringify(bucket)} in ${JSON.stringify(text)}: S3 expects ${fault}.`,
    );
  }
  const parts = rest.at(-1) === "" ? rest.slice(0, -1) : rest;
  if (parts.some((part) => ["", ".", ".."].includes(part))) {
    throw new AssetSyncError(
      "ASSET_SYNC_TARGET_INVALID",
      `Prefix in ${JSON.stringify(text)}: expected names joined by single slashes, without "." and "..".`,
    );
  }
  const prefix = parts.length === 0 ? "" : `${parts.join("/")}/`;
  if (location.endpoint !== undefined) checkEndpoint(location.endpoint);
  return { kind: "s3", url: `s3://${[bucket, ...parts].join("/")}`, bucket, prefix, ...location };
}

function folderTarget(text: string): FolderTarget {
  if (text === "file://" || text === "file:///") {
    throw new AssetSyncError(
      "ASSET_SYNC_TARGET_INVALID",
      `Target ${JSON.stringify(text)}: expected a folder, not the root of the file system.`,
    );
  }
  const directory = text.startsWith("file:///") ? fileURLToPath(text) : resolve(text.slice("file://".length));
  return { kind: "folder", url: pathToFileURL(directory).href, directory: resolve(directory) };
}

function checkEndpoint(endpoint: string): void {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  if (url === undefined || !["http:", "https:"].includes(url.protocol)) {
    throw new AssetSyncError(
      "ASSET_SYNC_OPTION_INVALID",
      `Endpoint ${JSON.stringify(endpoint)}: expected http://HOST[:PORT] or https://HOST[:PORT].`,
    );
  }
  if (url.username !== "" || url.password !== "") {
    throw new AssetSyncError(
      "ASSET_SYNC_OPTION_INVALID",
      `Endpoint at ${url.host} holds a user or password; the endpoint is written to the receipt, so it may hold neither.`,
      { hint: "Give credentials through the AWS variables or a shared credentials file." },
    );
  }
}
