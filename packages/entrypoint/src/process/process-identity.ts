import { readFileSync } from "node:fs";

/** One process among all that have ever had its number. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it was started, in the kernel's ticks since boot; not known where /proc is not mounted. */
  readonly startedAt: string | undefined;
}

/** Fields of `/proc/PID/stat` after the name, which may hold anything: the state is the 3rd, the start the 22nd. */
const STAT = /^.*\) (?<state>\S)(?: \S+){18} (?<startedAt>\d+)/s;

/** Who has this number. It stays who it is when it becomes another program. */
export function identityOf(pid: number): ProcessIdentity {
  return { pid, startedAt: statOf(pid)?.["startedAt"] };
}

/** Whether a process is still there; a zombie is not. */
export function isRunning({ pid, startedAt }: ProcessIdentity): boolean {
  if (startedAt === undefined) return exists(pid);
  const stat = statOf(pid);
  return stat?.["startedAt"] === startedAt && stat["state"] !== "Z" && stat["state"] !== "X";
}

function statOf(pid: number): Readonly<Record<string, string>> | undefined {
  try {
    return STAT.exec(readFileSync(`/proc/${String(pid)}/stat`, "utf8"))?.groups;
  } catch {
    return undefined;
  }
}

function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
