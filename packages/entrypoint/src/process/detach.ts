import type { Writable } from "node:stream";

/** A program that goes on beside the one this process becomes. */
export interface Detached {
  readonly argv: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** What it reads from standard input; it is in no command line and no environment. */
  readonly input: string;
}

/**
 * Starts a program as a daemon is started: in a session of its own, and not as a child of this process but of the container's
 * init, because the app would have to wait for a child that it knows nothing of. Standard output and standard error are this
 * process' standard error.
 *
 * A shell in between forks it and ends. Resolves when the shell is gone and the input is the kernel's.
 * @returns false when there is no shell, or it could not fork
 */
export async function startDetached({ argv, env, input }: Detached): Promise<boolean> {
  const { spawn } = await import("node:child_process");
  // What a shell puts into the background has /dev/null for its input, unless it is told otherwise.
  const shell = spawn("/bin/sh", ["-c", '"$@" <&3 3<&- &', "sh", ...argv], {
    detached: true,
    env,
    stdio: ["ignore", 2, 2, "pipe"],
  });
  const ended = new Promise<boolean>((resolve) => {
    shell.once("error", () => resolve(false));
    shell.once("exit", (code) => resolve(code === 0));
  });
  const pipe = shell.stdio[3] as Writable;
  const written = new Promise<boolean>((resolve) => {
    pipe.once("error", () => resolve(false));
    pipe.end(input, () => resolve(true));
  });
  const done = await Promise.all([ended, written]);
  return done.every(Boolean);
}
