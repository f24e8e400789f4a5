import { spawn, spawnSync } from "node:child_process";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's root folder. */
export const ROOT: string = join(dirname(fileURLToPath(import.meta.url)), "..");

/** How to run a program of the workspace. */
export interface CommandOptions {
  readonly cwd?: string;
  /** Shows its standard error only. */
  readonly quiet?: boolean;
  /** Milliseconds after which it is killed, once the machine's processes have been shown. */
  readonly limitMs?: number;
}

/** Runs a program of the workspace, shows its output, and answers its exit code, which is 1 when it was killed. */
export function runCommand(
  command: string,
  args: readonly string[],
  { cwd = ROOT, quiet = false, limitMs }: CommandOptions = {},
): Promise<number> {
  const path = [join(ROOT, "node_modules", ".bin"), process.env["PATH"]].join(delimiter);
  const env = { ...process.env, PATH: path };
  const child = spawn(command, args, { cwd, env, stdio: ["inherit", quiet ? "ignore" : "inherit", "inherit"] });
  const giveUp = (): void => {
    process.stdout.write(`\n${command} did not end within ${String(limitMs)} ms; what runs on this machine:\n`);
    spawnSync("ps", ["-eo", "pid,ppid,etimes,stat,args", "--forest"], { stdio: "inherit" });
    child.kill("SIGKILL");
  };
  const limit = limitMs === undefined ? undefined : setTimeout(giveUp, limitMs);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => {
      clearTimeout(limit);
      resolve(code ?? 1);
    });
  });
}
