import type { Emit, EntrypointEvent } from "../../events.ts";
import type { SupervisionEffect, SupervisionEvent } from "./states.ts";

/** Turns what happens to processes with these names into events of the start. */
export function report(
  names: readonly string[],
  emit: Emit,
): (what: SupervisionEvent | SupervisionEffect, pid: number | undefined) => void {
  return (what, pid) => {
    const process = "process" in what ? (names[what.process] ?? "") : "";
    const event = eventOf(what, process, pid);
    if (event !== undefined) emit(event);
  };
}

// oxlint-disable-next-line complexity -- one case for each, nothing else
function eventOf(
  what: SupervisionEvent | SupervisionEffect,
  process: string,
  pid: number | undefined,
): EntrypointEvent | undefined {
  switch (what.type) {
    case "start":
      return pid === undefined ? undefined : { type: "process-started", process, pid };
    case "exited":
      return { type: "process-ended", process, exitCode: what.exitCode, seconds: what.ranMs / 1000 };
    case "not-started":
      return { type: "process-ended", process, exitCode: what.exitCode, seconds: 0, reason: what.reason };
    case "signal":
      return "process" in what && what.signal === "SIGKILL" ? { type: "process-killed", process } : undefined;
    case "timer":
      if (what.why !== "rest" || what.ms === null) return undefined;
      return { type: "process-restarting", process, seconds: what.ms / 1000 };
    case "stop":
      return { type: "stopping", reason: "a signal asked for it" };
    case "due":
    case "group-gone":
    case "end":
      break;
  }
  return undefined;
}
