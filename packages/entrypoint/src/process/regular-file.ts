import { closeSync, constants, fstatSync, openSync, readFileSync, statSync, type Stats } from "node:fs";

/** How a file is opened whose like may keep who opens it: a pipe waits for its other end. */
const WITHOUT_WAITING = constants.O_RDONLY | constants.O_NONBLOCK;

/** What a pipe or a device is called where a file is expected. */
export const NOT_REGULAR = "not a regular file";

/**
 * Opens a file that is read at once, as a whole. A pipe or a device has no end that could be relied on, and the start
 * would hear no signal while it reads.
 * @throws Error of the system, also by `work` for a folder; Error in words for anything else but a file
 */
export function withRegularFile<T>(path: string, work: (fd: number) => T): T {
  const fd = openSync(path, WITHOUT_WAITING);
  try {
    if (isOther(fstatSync(fd))) throw new Error(NOT_REGULAR);
    return work(fd);
  } finally {
    closeSync(fd);
  }
}

/**
 * The text of a regular file.
 * @throws Error as {@link withRegularFile}
 */
export function readRegularFile(path: string): string {
  return withRegularFile(path, (fd) => readFileSync(fd, "utf8"));
}

const BYTE_ORDER_MARK = "\uFEFF";

/**
 * The text of a regular file that a person writes, without the byte order mark that some editors put before it.
 * @throws Error as {@link withRegularFile}
 */
export function readWrittenFile(path: string): string {
  const text = readRegularFile(path);
  return text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
}

/** Whether a pipe or a device lies at a path: who writes to it may wait for its reader without hearing a signal. */
export function isEndless(path: string): boolean {
  const kind = statSync(path, { throwIfNoEntry: false });
  return kind !== undefined && isOther(kind);
}

/** A folder is left to the system, which says by itself what it is. */
function isOther(kind: Stats): boolean {
  return !kind.isFile() && !kind.isDirectory();
}
