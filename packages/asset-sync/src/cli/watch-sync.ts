import type { SyncEvent, SyncListener } from "../events.ts";
import { saveMemoryFor } from "./engine-memory.ts";
import { eventLine } from "./event-lines.ts";
import type { OutputFlags } from "./flags.ts";
import { reportProgress } from "./progress.ts";
import { printer, type Terminal } from "./terminal.ts";

/** Shows what a sync tells: lines, progress, JSON. */
export async function watchSync(
  terminal: Terminal,
  flags: OutputFlags,
  work: (onEvent: SyncListener) => Promise<unknown>,
): Promise<void> {
  const out = printer(terminal, flags);
  const progress = reportProgress(out);
  const onEvent = (event: SyncEvent): void => {
    if (event.type === "scanned") saveMemoryFor(event.files);
    out.json(event);
    const line = eventLine(event);
    if (line !== undefined) out.line(line);
    progress.event(event);
  };
  await work(onEvent).finally(() => progress.end());
}
