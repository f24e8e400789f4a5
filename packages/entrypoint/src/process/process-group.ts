import { readdirSync, readFileSync } from "node:fs";

import { now } from "./clock.ts";
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

/** Sends a signal to all processes of a group; false when there are none, or none it may be sent to. */
export function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-pid, signal);
  } catch {
    return false;
  }
}

/**
 * Whether a group has a process that is not a zombie. A PID 1 that is no init keeps the zombies of others for ever, and the
 * kernel counts them as members.
 */
export function isGroupAlive(pid: number): boolean {
  return signalGroup(pid, 0) && groupsOfTheLiving().has(pid);
}

/** Fields of `/proc/PID/stat` after the name, which may hold anything: state, parent, group. */
const STAT = /^.*\) (?<state>\S) \d+ (?<group>\d+)/s;

function groupsOfTheLiving(): { readonly has: (group: number) => boolean } {
  try {
    const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
    return new Set(pids.flatMap((pid) => livingGroup(pid)));
  } catch {
    return { has: () => true };
  }
}

function livingGroup(pid: string): readonly number[] {
  try {
    const { state = "Z", group } = STAT.exec(readFileSync(`/proc/${pid}/stat`, "utf8"))?.groups ?? {};
    return state === "Z" || state === "X" ? [] : [Number(group)];
  } catch {
    return [];
  }
}

/** The group whose leader has this PID. */
export function processGroup(pid: number, graceMs: number = STOP_GRACE_MS): ProcessGroup {
  let killAt: number | undefined;
  let timer: NodeJS.Timeout | undefined;
  const send = (signal: NodeJS.Signals): boolean => signalGroup(pid, signal);
  return {
    signal: (row) => {
      if (row.effect === "pass") {
        send(row.signal);
      } else if (killAt === undefined) {
        killAt = now() + graceMs;
        send(row.signal);
        timer = setTimeout(() => send("SIGKILL"), graceMs);
      } else {
        send("SIGKILL");
      }
    },
    settle: async () => {
      clearTimeout(timer);
      if (killAt === undefined) return;
      while (now() < killAt && isGroupAlive(pid)) await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      send("SIGKILL");
    },
  };
}
