import { spawnSync } from "node:child_process";

/**
 * Runs a command line to its end; what it prints is for nobody.
 * @throws Error with what it says on standard error where it does not end well
 */
export function startOnce([command = "", ...words]: readonly string[], cwd?: string): void {
  const { status, stderr } = spawnSync(command, words, { cwd, stdio: ["ignore", "ignore", "pipe"] });
  if (status !== 0)
    throw new Error(`${[command, ...words].join(" ")} ended with ${String(status)}: ${stderr.toString()}`);
}
