import { readFile } from "node:fs/promises";
import { text as textOf } from "node:stream/consumers";

import { AssetSyncError, messageOf } from "../errors.ts";
import type { RunningSource } from "./running-images.ts";

/** What a file lists: images or releases, parted by line ends, blanks or commas; what follows a # does not count. */
export function runningFile(path: string): RunningSource {
  return listed(path, () => readFile(path, "utf8"));
}

/** As {@link runningFile}, from what another program says, which says it once however often it is asked. */
export function runningInput(stream: NodeJS.ReadableStream): RunningSource {
  let text: Promise<string> | undefined;
  return listed("standard input", () => (text ??= textOf(stream)));
}

function listed(place: string, read: () => Promise<string>): RunningSource {
  return async () => {
    const content = await read().catch((cause: unknown) => {
      throw new AssetSyncError("ASSET_SYNC_RUNNING_UNREADABLE", `What runs, in ${place}: ${messageOf(cause)}.`, {
        hint: "Name a file of images or releases, or - for standard input.",
        cause,
      });
    });
    const lines = content.split(/[\r\n]+/).map((line) => line.replace(/(^|[\s,])#.*$/, ""));
    const names = lines.flatMap((line) => line.split(/[\s,]+/)).filter((name) => name !== "");
    if (names.length > 0) return names.map((name) => ({ name, images: [name] }));
    // An empty answer is rather a command that failed than a service without tasks.
    throw new AssetSyncError("ASSET_SYNC_RUNNING_UNREADABLE", `What runs, in ${place}: it names nothing.`, {
      hint: "Look at the command that makes the list; without --running-from nothing is asked.",
    });
  };
}
