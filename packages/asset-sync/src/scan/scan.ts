import type { ContentOptions } from "../config/content-options.ts";
import { AssetSyncError, listed } from "../errors.ts";
import type { Finding } from "../events.ts";
import { assetMaker, storedKey, type Asset } from "./asset.ts";
import { assetFolders } from "./asset-folders.ts";
import type { ReadFile } from "./digest.ts";
import { missingFiles, refusedFindings, type Asking } from "./findings.ts";
import { globMatcher } from "./globs.ts";
import { headerRules } from "./header-rules.ts";
import { isManifest } from "./manifest-file.ts";
import { MANIFEST_BYTES, readManifests } from "./manifests.ts";
import { readFiles, type Unread } from "./read-files.ts";
import { referredKeys, referringBytes } from "./references.ts";
import { walk, type FoundFile } from "./walk.ts";

/** All assets of a build, sorted by key, the folders below the public one that hold them, and the files left out. */
export interface Scan {
  readonly assets: readonly Asset[];
  readonly bytes: number;
  readonly folders: readonly string[];
  readonly skipped: readonly string[];
  readonly findings: readonly Finding[];
}

/** What to scan, and which of it. */
export type ScanOptions = Pick<ContentOptions, "ignore" | "headers" | "sourceMaps" | "strict"> & {
  readonly publicDir: string;
  readonly dirs?: readonly string[];
};

const NAMED_AT_MOST = 10;

/**
 * Reads every asset once: key, size, digest, headers, and what the manifests and the files say about each other.
 *
 * @throws AssetSyncError ASSET_SYNC_ASSETS_MISSING, ASSET_SYNC_FILE_REFUSED or ASSET_SYNC_FILE_CHANGED, naming the
 * files; with `strict` ASSET_SYNC_INCOMPLETE for a finding
 */
export async function scan(options: ScanOptions, signal?: AbortSignal): Promise<Scan> {
  const folders = await assetFolders(options.publicDir, options.dirs);
  const found = await walk(options.publicDir, folders);
  const ignored = globMatcher(options.ignore);
  const isLeftOut = ({ key }: FoundFile): boolean => ignored(key);
  const taken = found.files.filter((file) => !isLeftOut(file));
  const { assets, findings, unread } = await readAssets(taken, folders, options, signal);
  checkRead(options.publicDir, { ...unread, refused: [...found.refused, ...unread.refused] });
  if (options.strict && findings.length > 0) throw refusedFindings(findings);
  const leftOut = found.files.filter(
    (file) => isLeftOut(file) || storedKey(file.key, options.sourceMaps) === undefined,
  );
  return {
    assets: assets.toSorted((left, right) => (left.key < right.key ? -1 : 1)),
    bytes: assets.reduce((sum, asset) => sum + asset.size, 0),
    folders,
    skipped: [...found.skipped, ...leftOut.map(({ key }) => key)],
    findings,
  };
}

interface ReadAssets {
  readonly assets: readonly Asset[];
  readonly findings: readonly Finding[];
  readonly unread: Unread;
}

/** Manifests come first: what they say decides about the other files. */
async function readAssets(
  files: readonly FoundFile[],
  folders: readonly string[],
  options: ScanOptions,
  signal: AbortSignal | undefined,
): Promise<ReadAssets> {
  const manifests = new Map<FoundFile, ReadFile>();
  const [first, rest] = [files.filter(({ key }) => isManifest(key)), files.filter(({ key }) => !isManifest(key))];
  const before = await readFiles(
    first,
    () => MANIFEST_BYTES,
    (file, read) => manifests.set(file, { ...read, end: Buffer.from(read.end) }),
    signal,
  );
  const { fingerprinted, asking, findings } = readManifests(manifests);
  const there = new Set(files.map(({ key }) => key));
  const { sourceMaps, headers } = options;
  const make = assetMaker({ headers: headerRules(headers), sourceMaps, fingerprinted, there });
  const assets: (Asset | undefined)[] = [...manifests].map(([file, read]) => make(file, read));
  const referring: Asking[] = [...asking];
  const after = await readFiles(
    rest,
    referringBytes,
    (file, read) => {
      assets.push(make(file, read));
      const keys = read.end.length === 0 ? [] : referredKeys(file.key, read.end.toString("utf8"));
      if (keys.length > 0) referring.push({ by: file.key, keys });
    },
    signal,
  );
  return {
    assets: assets.filter((asset) => asset !== undefined),
    findings: [...findings, ...missingFiles(referring, there, folders)],
    unread: { refused: [...before.refused, ...after.refused], changed: [...before.changed, ...after.changed] },
  };
}

function checkRead(publicDir: string, { refused, changed }: Unread): void {
  if (refused.length > 0) {
    throw new AssetSyncError(
      "ASSET_SYNC_FILE_REFUSED",
      `${refused.length} of the entries below ${publicDir} cannot be uploaded:${listed(refused, NAMED_AT_MOST)}`,
    );
  }
  if (changed.length === 0) return;
  throw new AssetSyncError(
    "ASSET_SYNC_FILE_CHANGED",
    `${changed.length} file(s) below ${publicDir} changed while they were read:${listed(changed, NAMED_AT_MOST)}`,
    { exitCode: 2 },
  );
}
