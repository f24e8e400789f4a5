import { spawn } from "node:child_process";
import { isatty } from "node:tty";

import { exitCodeOf } from "./exit-codes.ts";
import { startLeash } from "./leash.ts";
import type { SignalDesk } from "./signal-desk.ts";
import { JOB_CONTROL } from "./signals.ts";

/** The app as a child: what is executed, and what its exit codes become. */
export interface ChildApp {
  readonly file: string;
  readonly argv: readonly string[];
  readonly exitCodes: Readonly<Record<string, number>>;
}

/** What a terminal sends to all of its foreground group, so to the app too. */
const FROM_TERMINAL: ReadonlySet<string> = new Set(["SIGINT", "SIGQUIT", "SIGTSTP", "SIGWINCH", "SIGHUP"]);

/**
 * Runs the app as a child where this process cannot become it: Node has no `execve` (before 22.15), or exit codes are to
 * be others. The app has the standard streams; each signal is passed on to it, but for those that a terminal sends to both.
 * This process takes some 50 MB all the while.
 * @returns the exit code that the outside is to see
 */
export async function stayAsParent(app: ChildApp, context: ChildContext): Promise<number> {
  const { desk, env } = context;
  const terminal = [0, 1, 2].some((fd) => isatty(fd));
  const leash = await startLeash();
  desk.check();
  const [argv0 = app.file, ...rest] = app.argv;
  const child = spawn(app.file, rest, { argv0, env, stdio: "inherit", detached: !terminal });
  if (child.pid !== undefined && !terminal) leash.hold(child.pid);
  const pass = (signal: NodeJS.Signals): void => {
    if (!terminal || !FROM_TERMINAL.has(signal)) child.kill(signal);
  };
  desk.supervise((row) => pass(row.signal));
  if (!terminal) for (const signal of JOB_CONTROL) process.on(signal, () => pass(signal));
  const exitCode = await new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => resolve(exitCodeOf(code, signal)));
  });
  await leash.release();
  return app.exitCodes[String(exitCode)] ?? exitCode;
}

interface ChildContext {
  readonly desk: SignalDesk;
  readonly env: NodeJS.ProcessEnv;
}
