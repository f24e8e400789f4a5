/** A small process that kills a group as soon as this process is gone, however it went. */
export interface Leash {
  /** Names the group, in the same tick in which it was started. */
  hold(group: number): void;
  /** Ends the leash without touching the group; resolves when it is reaped. */
  release(): Promise<void>;
}

/** The first line names the group; the end of the pipe before a second one means that the holder died. */
const SCRIPT = `read -r group && ! read -r released && kill -s KILL -- "-$group"`;

/**
 * Starts a leash: a shell that reads from a pipe which only this process holds, and which the kernel closes when this
 * process dies, by SIGKILL too.
 */
export async function startLeash(): Promise<Leash> {
  const { spawn } = await import("node:child_process");
  const shell = spawn("/bin/sh", ["-c", SCRIPT], { detached: true, stdio: ["pipe", "ignore", "ignore"], env: {} });
  const gone = new Promise<void>((resolve) => {
    shell.once("exit", () => resolve());
    shell.once("error", () => resolve());
  });
  // Without a shell in the image there is no leash; writing to it must not be an error either.
  shell.stdin.on("error", () => undefined);
  return {
    hold: (group) => void shell.stdin.write(`${String(group)}\n`),
    release: async () => {
      shell.kill("SIGKILL");
      await gone;
      shell.stdin.destroy();
    },
  };
}
