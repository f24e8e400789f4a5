import pLimit from "p-limit";

import { AssetSyncError } from "../errors.ts";
import type { Phase } from "../events.ts";
import { assetFolders } from "./asset-folders.ts";
import { packingOf, phaseOf } from "./asset-kind.ts";
import { digestFile } from "./digest.ts";
import { objectHeaders, type ObjectHeaders } from "./headers.ts";
import { errorCode, walk, type FoundFile } from "./walk.ts";

/** A file as it will be stored. */
export interface Asset {
  /** The key below the target's prefix: the path below the public folder, with slashes. */
  readonly key: string;
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
  readonly phase: Phase;
  readonly headers: ObjectHeaders;
}

/** All assets of a build, sorted by key, the folders below the public one that hold them, and the dot files left out. */
export interface Scan {
  readonly assets: readonly Asset[];
  readonly bytes: number;
  readonly folders: readonly string[];
  readonly skipped: readonly string[];
}

/** Enough reads in flight to keep a disk busy; each holds at most a megabyte. */
const READERS = 16;

const NAMED_AT_MOST = 10;

/**
 * Reads every asset once: key, size, digest, headers.
 *
 * @throws AssetSyncError ASSET_SYNC_ASSETS_MISSING or ASSET_SYNC_FILE_REFUSED, naming the files
 */
export async function scan(publicDir: string, dirs?: readonly string[], signal?: AbortSignal): Promise<Scan> {
  const folders = await assetFolders(publicDir, dirs);
  const found = await walk(publicDir, folders);
  const keys = new Set(found.files.map((file) => file.key));
  const refused = [...found.refused];
  const limit = pLimit(READERS);
  const read = await Promise.all(
    found.files.map((file) =>
      limit(async () => {
        signal?.throwIfAborted();
        return readAsset(file, keys).catch((error: unknown) => {
          refused.push(`${file.key} cannot be read (${errorCode(error)})`);
        });
      }),
    ),
  );
  if (refused.length > 0) throw refusal(publicDir, refused);
  const assets = read.filter((asset) => asset !== undefined);
  return { assets, bytes: assets.reduce((sum, asset) => sum + asset.size, 0), folders, skipped: found.skipped };
}

async function readAsset(file: FoundFile, keys: ReadonlySet<string>): Promise<Asset> {
  const phase = phaseOf(file.key);
  const { inner } = packingOf(file.key);
  const headers = objectHeaders(file.key, phase, inner !== file.key && keys.has(inner));
  return { key: file.key, path: file.path, ...(await digestFile(file.path)), phase, headers };
}

function refusal(publicDir: string, refused: readonly string[]): AssetSyncError {
  const named = refused.slice(0, NAMED_AT_MOST).map((line) => `\n  ${line}`);
  const rest = refused.length > NAMED_AT_MOST ? `\n  and ${refused.length - NAMED_AT_MOST} more` : "";
  return new AssetSyncError(
    "ASSET_SYNC_FILE_REFUSED",
    `${refused.length} of the entries below ${publicDir} cannot be uploaded:${named.join("")}${rest}`,
  );
}
