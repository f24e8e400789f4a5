import type { SyncEvent } from "../events.ts";
import { progressText, type Progress } from "./progress-text.ts";
import type { Printer } from "./terminal.ts";

/** How often a line that is written over changes, and how often a plain one is added to a log. */
const LIVE_MS = 200;
const PLAIN_MS = 5000;

/** Follows a sync and says now and then how far it has come. */
export interface ProgressReport {
  readonly event: (event: SyncEvent) => void;
  /** Ends the report and takes its line away; to be called however the sync ended. */
  end(): void;
}

/** A report of what is being sent, from the first phase until the ledger is written. */
export function reportProgress(out: Printer): ProgressReport {
  let now: Progress = { files: 0, allFiles: 0, bytes: 0, allBytes: 0, seconds: 0 };
  let began = 0;
  let timer: NodeJS.Timeout | undefined;
  const beat = (): void => {
    out.live((columns) => progressText({ ...now, seconds: (performance.now() - began) / 1000 }, columns));
  };
  const end = (): void => {
    clearInterval(timer);
    timer = undefined;
    out.clear();
  };
  return {
    end,
    event: (event) => {
      now = after(now, event);
      if (event.type === "phase" && timer === undefined) {
        if (began === 0) began = performance.now();
        timer = setInterval(beat, out.isLive ? LIVE_MS : PLAIN_MS);
      }
      if (event.type === "ledger-written" || event.type === "ledger-conflict") end();
    },
  };
}

function after(now: Progress, event: SyncEvent): Progress {
  if (event.type === "planned") return { ...now, allFiles: event.puts + event.copies, allBytes: event.bytes };
  if (event.type === "uploaded" || event.type === "copied" || event.type === "present") {
    return { ...now, files: now.files + 1, bytes: now.bytes + event.bytes };
  }
  if (event.type !== "phase") return now;
  // Another build's ledger may make it necessary to send more than was planned at first.
  const allFiles = Math.max(now.allFiles, now.files + event.files);
  const allBytes = Math.max(now.allBytes, now.bytes + event.bytes);
  return { ...now, allFiles, allBytes };
}
