import type { SignalRow } from "./signals.ts";

/** How long a stopped task may take before it is killed: under the ten seconds Docker grants a container. */
export const STOP_GRACE_MS = 8_000;

const POLL_MS = 20;

/** Sends signals to a group and sees to its end. */
export interface ProcessGroup {
  /** Passes a signal on. A stopping one starts the grace, a second stopping one kills at once. */
  signal(row: Pick<SignalRow, "signal" | "effect">): void;
  /** After the first process has ended: when the group was being stopped, waits for the others or kills them. */
  settle(): Promise<void>;
}

/** The group whose leader has this PID. */
export function processGroup(pid: number, graceMs: number = STOP_GRACE_MS): ProcessGroup {
  let killAt: number | undefined;
  let timer: NodeJS.Timeout | undefined;
  const send = (signal: NodeJS.Signals | 0): boolean => {
    try {
      return process.kill(-pid, signal);
    } catch {
      return false;
    }
  };
  return {
    signal: (row) => {
      if (row.effect === "pass") {
        send(row.signal);
      } else if (killAt === undefined) {
        killAt = performance.now() + graceMs;
        send(row.signal);
        timer = setTimeout(() => send("SIGKILL"), graceMs);
      } else {
        send("SIGKILL");
      }
    },
    settle: async () => {
      clearTimeout(timer);
      if (killAt === undefined) return;
      while (performance.now() < killAt && send(0)) await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      send("SIGKILL");
    },
  };
}
