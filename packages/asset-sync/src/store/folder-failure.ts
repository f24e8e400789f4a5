import { AssetSyncError, messageOf } from "../errors.ts";

/** What helps, whatever is written, by the code of the file system's error. */
const DISK_HINTS: Readonly<Record<string, string>> = {
  EROFS: "The file system is mounted read-only: mount it writable, then run the same command again.",
  ENOSPC: "The file system is full: make room on it, then run the same command again.",
  EDQUOT: "This user's quota is used up: make room, then run the same command again.",
};

/** What helps a store. */
const HINTS: Readonly<Record<string, string>> = {
  ...DISK_HINTS,
  EACCES: "Make the folder writable for this user, then run the same command again.",
  EPERM: "Make the folder writable for this user, then run the same command again.",
  ENAMETOOLONG: "The file system takes no name this long, most take 255 bytes: give the asset a shorter one.",
  ENOENT: "No file can be made there: sync to another folder.",
  EISDIR: "A folder is where the object belongs: remove it, or sync to another folder.",
  EEXIST: "A file is where a folder belongs: remove it, or sync to another folder.",
  ENOTDIR: "A file is where a folder belongs: remove it, or sync to another folder.",
};

/** The error to throw for a failure of the file system at `path`; bugs pass unchanged. */
export function folderFailure(error: unknown, path: string): unknown {
  const code = errorCode(error);
  if (error instanceof AssetSyncError || code === "") return error;
  const hint = HINTS[code];
  return new AssetSyncError("ASSET_SYNC_STORE_FAILED", `Folder store at ${path}: ${messageOf(error)}.`, {
    ...(hint === undefined ? {} : { hint }),
    cause: error,
  });
}

/** The remedy where it is not the place that is wrong but what it is on: full or read-only. */
export function diskHint(error: unknown): string | undefined {
  return DISK_HINTS[errorCode(error)];
}

/** The code of an error of the file system, for example `ENOENT`; "" for any other error. */
export function errorCode(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
