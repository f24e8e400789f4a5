import { closeSync, constants, fstatSync, openSync } from "node:fs";

/** How a file is opened whose like may keep who opens it: a pipe waits for its other end. */
const WITHOUT_WAITING = constants.O_RDONLY | constants.O_NONBLOCK;

/**
 * Opens a file that is read at once, as a whole. A pipe or a device has no end that could be relied on, and the start
 * would hear no signal while it reads.
 * @throws Error of the system, also by `work` for a folder; Error in words for anything else but a file
 */
export function withRegularFile<T>(path: string, work: (fd: number) => T): T {
  const fd = openSync(path, WITHOUT_WAITING);
  try {
    const kind = fstatSync(fd);
    // A folder is left to the system, which says by itself what it is.
    if (!kind.isFile() && !kind.isDirectory()) throw new Error("not a regular file");
    return work(fd);
  } finally {
    closeSync(fd);
  }
}
