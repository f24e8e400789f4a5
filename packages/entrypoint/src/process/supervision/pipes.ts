import { constants, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The two ends of a pipe. */
export interface Pipe {
  /** Non-blocking. */
  readonly reading: number;
  /** Blocking, as programs expect their output to be. */
  readonly writing: number;
}

/** Writable in every container, also where the root file system is not. */
const SHARED_MEMORY = "/dev/shm";

/**
 * Makes pipes, or none at all where there is no `mkfifo` or no folder to write to.
 *
 * Node connects children by sockets, and a socket cannot be opened by its name: nginx with its log at /dev/stdout would not
 * start. So these are pipes with names, which are gone again when this returns.
 */
export async function makePipes(count: number): Promise<readonly Pipe[] | undefined> {
  const { spawnSync } = await import("node:child_process");
  for (const parent of [SHARED_MEMORY, tmpdir()]) {
    const folder = makeFolder(parent);
    if (folder === undefined) continue;
    try {
      const names = Array.from({ length: count }, (_, index) => join(folder, String(index)));
      if (spawnSync("mkfifo", ["-m", "600", ...names], { stdio: "ignore" }).status === 0) return names.map(openPipe);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  return undefined;
}

function makeFolder(parent: string): string | undefined {
  try {
    return mkdtempSync(join(parent, "entrypoint-"));
  } catch {
    return undefined;
  }
}

function openPipe(name: string): Pipe {
  const reading = openSync(name, constants.O_RDONLY | constants.O_NONBLOCK);
  return { reading, writing: openSync(name, "w") };
}
