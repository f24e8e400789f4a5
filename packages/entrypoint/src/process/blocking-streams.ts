import { constants } from "node:fs";

import { flagsOf, infoOf } from "./descriptor-info.ts";

const STREAMS = [0, 1, 2];

/**
 * Makes standard streams blocking that whoever started this process has left non-blocking: most programs take EAGAIN for an
 * error. Node cannot set it, but puts what it hands to a child in order, and a stream handed over is the same as its own.
 */
export async function makeStreamsBlocking(): Promise<void> {
  if (!STREAMS.some(isNonBlocking)) return;
  const { spawnSync } = await import("node:child_process");
  // Whether there is such a program does not matter: the streams are put in order before it is looked for.
  spawnSync("true", { stdio: "inherit" });
}

function isNonBlocking(fd: number): boolean {
  return (flagsOf(infoOf(fd)) & constants.O_NONBLOCK) !== 0;
}
