import { readFileSync } from "node:fs";

/** Soft and hard limit of open files. */
export interface OpenFileLimits {
  readonly soft: string;
  readonly hard: string;
}

/** Reads the limits out of the text of a `/proc/PID/limits`. */
export function parseLimits(text: string): OpenFileLimits | undefined {
  const [, soft, hard] = /^Max open files\s+(\S+)\s+(\S+)/m.exec(text) ?? [];
  return soft === undefined || hard === undefined ? undefined : { soft, hard };
}

/**
 * The soft limit this process was started with, or `undefined` when it needs no restoring or cannot be known.
 *
 * Node raises its own soft limit to the hard one before any script runs and every program it starts inherits that; the
 * first value is kept nowhere. A parent has the same limits as its child unless one of them changed them, so the
 * parent's are taken (under tini: the container's). PID 1 of a container has no parent to ask.
 */
export function entrySoftLimit(): string | undefined {
  const parent = process.ppid === 0 ? undefined : readLimits(String(process.ppid));
  // There was nothing to raise.
  if (parent === undefined || parent.soft === parent.hard) return undefined;
  const own = readLimits("self");
  if (own === undefined || own.hard !== parent.hard) return undefined;
  return own.soft === parent.soft ? undefined : parent.soft;
}

function readLimits(pid: string): OpenFileLimits | undefined {
  try {
    return parseLimits(readFileSync(`/proc/${pid}/limits`, "utf8"));
  } catch {
    return undefined;
  }
}

/**
 * Puts this process' soft limit back with util-linux' `prlimit`, so that tasks and the app inherit it.
 * @returns false when there is no `prlimit` or it was refused
 */
export async function restoreSoftLimit(soft: string): Promise<boolean> {
  const { spawn } = await import("node:child_process");
  return new Promise((resolve) => {
    const child = spawn("prlimit", ["--pid", String(process.pid), `--nofile=${soft}:`], { stdio: "ignore" });
    child.once("error", () => resolve(false));
    child.once("exit", (code) => resolve(code === 0));
  });
}

/**
 * The command line that sets the limit in a shell on the way to the program, for images without `prlimit`. A shell
 * exports PWD by itself: `env` takes that back so that the program's environment is unchanged.
 */
export function throughShell(soft: string, command: readonly string[], pwd: string | undefined): readonly string[] {
  const restore = pwd === undefined ? ["env", "-u", "PWD"] : ["env", `PWD=${pwd}`];
  return ["/bin/sh", "-c", `ulimit -Sn "$0"; exec "$@"`, soft, ...restore, ...command];
}

/**
 * Puts the soft limit of open files back to what the entrypoint was started with.
 * @returns the limit when it has to be set on the way to the app, because there is no `prlimit`
 */
export async function prepareOpenFiles(): Promise<string | undefined> {
  const soft = entrySoftLimit();
  if (soft === undefined || (await restoreSoftLimit(soft))) return undefined;
  return soft;
}
