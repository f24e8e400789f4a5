import { spawn, type ChildProcess } from "node:child_process";
import { isatty } from "node:tty";

import { exitCodeOf } from "./exit-codes.ts";
import { isInPath, searchPathOf } from "./find-program.ts";
import { startLeash } from "./leash.ts";
import type { SignalDesk } from "./signal-desk.ts";
import { JOB_CONTROL } from "./signals.ts";

/** The app as a child: what is executed, and what its exit codes become. */
export interface ChildApp {
  readonly file: string;
  readonly argv: readonly string[];
  readonly exitCodes: Readonly<Record<string, number>>;
}

/**
 * Runs the app as a child where this process cannot become it: Node has no `execve` (before 22.15), or exit codes are to
 * be others. The app has the standard streams, and every signal that arrives is passed on to it.
 *
 * What a terminal sends goes to all of its foreground group. An init between makes the app a group of its own there, so that
 * it hears such a signal once; without one, it shares this process' group and hears it from here too.
 * This process takes some 50 MB all the while.
 * @returns the exit code that the outside is to see
 */
export async function stayAsParent(app: ChildApp, context: ChildContext): Promise<number> {
  const { desk, env } = context;
  const terminal = [0, 1, 2].some((fd) => isatty(fd));
  const init = isatty(0) ? initIn(env) : undefined;
  const leash = await startLeash();
  desk.check();
  const child = startChild(init === undefined ? app : below(init, app), env, !terminal);
  if (child.pid !== undefined && !terminal) leash.hold(child.pid);
  desk.supervise(({ signal }) => void child.kill(signal));
  if (!terminal || init !== undefined) for (const signal of JOB_CONTROL) process.on(signal, () => child.kill(signal));
  const exitCode = await new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => resolve(exitCodeOf(code, signal)));
  });
  await leash.release();
  return app.exitCodes[String(exitCode)] ?? exitCode;
}

/** A program that gives the terminal to its child; Docker's `--init` puts the second one into each container. */
function initIn(env: NodeJS.ProcessEnv): string | undefined {
  return ["tini", "docker-init"].find((name) => isInPath(name, searchPathOf(env)));
}

function below(init: string, app: ChildApp): ChildApp {
  const [name = app.file, ...rest] = app.argv;
  return { ...app, file: init, argv: [init, "-s", "--", name, ...rest] };
}

function startChild({ file, argv }: ChildApp, env: NodeJS.ProcessEnv, detached: boolean): ChildProcess {
  const [argv0 = file, ...rest] = argv;
  return spawn(file, rest, { argv0, env, stdio: "inherit", detached });
}

interface ChildContext {
  readonly desk: SignalDesk;
  readonly env: NodeJS.ProcessEnv;
}
