import {
  chmodSync,
  chownSync,
  closeSync,
  fstatSync,
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
import { encodeText } from "./bytes.ts";
import { entrykitError, reasonOf } from "./failure.ts";

const NEW_FILE_MODE = 0o644;

/**
 * Writes a rendered file: a new one with mode 0644 less the umask, one that exists with its own mode and owner, one
 * behind a symbolic link where the link leads, be that a file or this process' output. Whoever reads it sees the old text or the new one, never a part, unless only
 * the file itself may be written to (a bind mount, a folder of another user).
 * @throws EntrypointError of exit code 1
 */
export function writeTarget(target: string, text: string): void {
  const bytes = encodeText(text);
  try {
    const stream = streamBehind(target);
    if (stream !== undefined) {
      writeFileSync(stream, bytes);
      return;
    }
    const file = realpathIfAny(target);
    const existing = file === undefined ? undefined : statSync(file);
    // A link that leads nowhere is written through like any other, which makes the file.
    const inPlace = file === undefined ? isLink(target) : existing?.isFile() === false;
    if (inPlace || !replaceFile(file ?? target, bytes, existing)) writeFileSync(target, bytes, { mode: NEW_FILE_MODE });
  } catch (error) {
    throw entrykitError(`open ${target}: ${reasonOf(error)}`);
  }
}

/**
 * The stream of this process that a link leads to, as one to /dev/stdout does: it is written to where it stands. Opened
 * by its name, a log file would be cut or replaced, and a socket cannot be opened at all.
 */
function streamBehind(target: string): 1 | 2 | undefined {
  const found = isLink(target) ? statSync(target, { throwIfNoEntry: false }) : undefined;
  if (found === undefined) return undefined;
  return ([1, 2] as const).find((fd) => {
    const { dev, ino } = fstatSync(fd);
    return dev === found.dev && ino === found.ino;
  });
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
function replaceFile(file: string, bytes: Buffer, existing: Stats | undefined): boolean {
  const beside = join(dirname(file), `.${basename(file)}.${String(process.pid)}.new`);
  try {
    writeSynced(beside, bytes);
    if (existing !== undefined) takeOver(beside, existing);
    renameSync(beside, file);
    return true;
  } catch (error) {
    rmSync(beside, { force: true });
    if (IN_PLACE.has(codeOf(error))) return false;
    throw error;
  }
}

function writeSynced(file: string, bytes: Buffer): void {
  const descriptor = openSync(file, "wx", NEW_FILE_MODE);
  try {
    writeFileSync(descriptor, bytes);
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
