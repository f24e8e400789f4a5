/** A small process that kills groups as soon as this process is gone, however it went. */
export interface Leash {
  /** Names a group, in the same tick in which it was started. */
  hold(group: number): void;
  /** The group is gone, its number may soon be another's. */
  drop(group: number): void;
  /** Ends the leash without touching any group; resolves when it is reaped. */
  release(): Promise<void>;
}

/** Lines name groups that come and go; the end of the pipe means that the holder died. */
const SCRIPT = `
while read -r verb group; do
  if [ "$verb" = hold ]; then held="$held $group"; continue; fi
  kept=; for one in $held; do [ "$one" = "$group" ] || kept="$kept $one"; done; held=$kept
done
for group in $held; do kill -s KILL -- "-$group"; done`;

/**
 * Starts a leash: a shell that reads from a pipe which only this process holds, and which the kernel closes when this
 * process dies, by SIGKILL too. `lost` is called when the shell ends before it is released.
 */
export async function startLeash(lost: () => void = () => undefined): Promise<Leash> {
  const { spawn } = await import("node:child_process");
  const shell = spawn("/bin/sh", ["-c", SCRIPT], { detached: true, stdio: ["pipe", "ignore", "ignore"], env: {} });
  let released = false;
  const gone = new Promise<void>((resolve) => {
    shell.once("exit", () => {
      if (!released) lost();
      resolve();
    });
    shell.once("error", () => resolve());
  });
  // Without a shell in the image there is no leash; writing to it must not be an error either.
  shell.stdin.on("error", () => undefined);
  return {
    hold: (group) => void shell.stdin.write(`hold ${String(group)}\n`),
    drop: (group) => void shell.stdin.write(`drop ${String(group)}\n`),
    release: async () => {
      released = true;
      shell.kill("SIGKILL");
      await gone;
      shell.stdin.destroy();
    },
  };
}
