import type { ChildProcess } from "node:child_process";

/** A small process that kills a group as soon as this process is gone, however it went. */
export interface Leash {
  /** Ends the leash without touching the group; resolves when it is reaped. */
  release(): Promise<void>;
}

/**
 * Puts a process group on a leash: a shell reads from a pipe that only this process holds, and the kernel closes that
 * pipe when this process dies, by SIGKILL too.
 */
export async function leash(group: number): Promise<Leash> {
  const { spawn } = await import("node:child_process");
  const script = `read -r _; kill -KILL -- "-$0"`;
  const shell = spawn("/bin/sh", ["-c", script, String(group)], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
    env: {},
  });
  const gone = new Promise<void>((resolve) => {
    shell.once("exit", () => resolve());
    shell.once("error", () => resolve());
  });
  return { release: () => end(shell, gone) };
}

async function end(shell: ChildProcess, gone: Promise<void>): Promise<void> {
  shell.kill("SIGKILL");
  await gone;
  shell.stdin?.destroy();
}
