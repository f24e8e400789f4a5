import { timelineTable } from "../boot/timeline.ts";
import { inLine, printable } from "../errors.ts";
import type { Emit, EntrypointEvent } from "../events.ts";
import { writeOut } from "../process/output.ts";

/** Events as lines of text on standard error, so that standard output stays the app's. */
export function textReport(quiet: boolean): Emit {
  return (event) => {
    if (quiet && event.type !== "error" && event.type !== "warning") return;
    const line = textOf(event);
    if (line !== undefined) writeOut(2, `entrypoint: ${printable(line)}\n`);
  };
}

/** Events as one JSON object a line on standard output. */
export function jsonReport(): Emit {
  return (event) => writeOut(1, jsonLine(event));
}

/** A value as a line of JSON, each of its strings {@link printable}, its numbers to three places. */
export function jsonLine(value: object): string {
  return `${JSON.stringify(value, (_, inner: unknown) => clean(inner))}\n`;
}

function clean(value: unknown): unknown {
  if (typeof value === "number") return Math.round(value * 1000) / 1000;
  return typeof value === "string" ? printable(value) : value;
}

// oxlint-disable-next-line complexity -- one case for each event, nothing else
function textOf(event: EntrypointEvent): string | undefined {
  switch (event.type) {
    case "step-started":
      return undefined;
    case "waiting":
      return `${event.task}: still waiting for ${inLine(event.subject)} after ${seconds(event.seconds)}: ${inLine(event.reason)}`;
    case "note":
      return `${event.task}: ${inLine(event.message)}`;
    case "warning":
      return `warning: ${inLine(event.message)}\n  remedy: ${event.hint}`;
    case "step-done":
      return `${event.task}: ${inLine(event.subject)}: ${event.outcome} (${seconds(event.seconds)})`;
    case "process-started":
      return `${event.process}: started (pid ${String(event.pid)})`;
    case "process-ended":
      return `${event.process}: ended with ${String(event.exitCode)} (${seconds(event.seconds)})${because(event.reason)}`;
    case "process-restarting":
      return `${event.process}: starting again in ${seconds(event.seconds)}`;
    case "process-killed":
      return `${event.process}: killed: it did not end in time`;
    case "stopping":
      return `stopping: ${inLine(event.reason)}`;
    case "hand-over":
      return event.via === "parent"
        ? `starting ${inLine(event.command.join(" "))} as a child of pid ${String(event.pid)}, which stays`
        : `becoming ${inLine(event.command.join(" "))} (pid ${String(event.pid)})`;
    case "error":
      return `${event.code === "BUG" ? event.message : inLine(event.message)}\n  remedy: ${event.hint} [${event.code}]`;
    case "summary":
      break;
  }
  const end = event.outcome === "failed" ? `ended with ${String(event.exitCode)} after ${seconds(event.seconds)}` : "";
  // One step is told by its own line.
  if (event.steps.length < 2) return end === "" ? undefined : end;
  return [timelineTable(event), end].filter((part) => part !== "").join("\nentrypoint: ");
}

function because(reason: string | undefined): string {
  return reason === undefined ? "" : `: ${inLine(reason)}`;
}

function seconds(value: number): string {
  return `${value.toFixed(value < 10 ? 2 : 0)} s`;
}
