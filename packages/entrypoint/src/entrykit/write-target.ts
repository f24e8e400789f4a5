import {
  chmodSync,
  chownSync,
  closeSync,
  fsyncSync,
  lstatSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  type Stats,
} from "node:fs";
import { basename, dirname, join } from "node:path";

import { codeOf } from "../errors.ts";
import { entrykitError, reasonOf } from "./failure.ts";

const NEW_FILE_MODE = 0o644;

/**
 * Writes a rendered file: a new one with mode 0644 less the umask, one that exists with its own mode and owner, one
 * behind a symbolic link where the link leads. Whoever reads it sees the old text or the new one, never a part, unless only
 * the file itself may be written to (a bind mount, a folder of another user).
 * @throws EntrypointError of exit code 1
 */
export function writeTarget(target: string, text: string): void {
  try {
    const file = realpathIfAny(target);
    const existing = file === undefined ? undefined : statSync(file);
    // A link that leads nowhere is written through like any other, which makes the file.
    const inPlace = file === undefined ? isLink(target) : existing?.isFile() === false;
    if (inPlace || !replaceFile(file ?? target, text, existing)) writeFileSync(target, text, { mode: NEW_FILE_MODE });
  } catch (error) {
    throw entrykitError(`open ${target}: ${reasonOf(error)}`);
  }
}

function realpathIfAny(target: string): string | undefined {
  try {
    return realpathSync(target);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

function isLink(target: string): boolean {
  return lstatSync(target, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
}

/** What says that only the file itself may be written to; anything else would spoil the old text as well. */
const IN_PLACE: ReadonlySet<string> = new Set(["EACCES", "EPERM", "EBUSY", "EROFS", "EXDEV"]);

/** @returns false when the file can only be written in its place */
function replaceFile(file: string, text: string, existing: Stats | undefined): boolean {
  const beside = join(dirname(file), `.${basename(file)}.${String(process.pid)}.new`);
  try {
    writeSynced(beside, text);
    if (existing !== undefined) takeOver(beside, existing);
    renameSync(beside, file);
    return true;
  } catch (error) {
    rmSync(beside, { force: true });
    if (IN_PLACE.has(codeOf(error))) return false;
    throw error;
  }
}

function writeSynced(file: string, text: string): void {
  const descriptor = openSync(file, "wx", NEW_FILE_MODE);
  try {
    writeFileSync(descriptor, text);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function takeOver(file: string, { mode, uid, gid }: Stats): void {
  const { uid: ownUser, gid: ownGroup } = statSync(file);
  if (uid !== ownUser || gid !== ownGroup) chownSync(file, uid, gid);
  chmodSync(file, mode & 0o7777);
}
