import type { Emit, EntrypointEvent } from "../../events.ts";
import { checkWords } from "../argument-space.ts";
import { findProgram, searchPathOf, type Program } from "../find-program.ts";
import { startLeash } from "../leash.ts";
import { STOP_GRACE_MS } from "../process-group.ts";
import type { SignalDesk } from "../signal-desk.ts";
import { JOB_CONTROL } from "../signals.ts";
import { inherited, openOutput, type OutputMode, type ProcessOutput } from "./output.ts";
import type { EndPolicy, SupervisedProcess } from "./plan.ts";
import { report } from "./report.ts";
import { Supervisor } from "./supervisor.ts";

/** How several processes are run. */
export interface SuperviseOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly desk: SignalDesk;
  /** Default `any`: the first one that ends, ends them all. */
  readonly endWhen?: EndPolicy;
  /** How long a process may take to end after its stop signal, in milliseconds. Default eight seconds. */
  readonly graceMs?: number;
  /** Default `lines`; where no pipes can be made it is `inherit`, and a warning is emitted. */
  readonly output?: OutputMode;
  /** What they write to standard output goes to standard error. */
  readonly toError?: boolean;
  /** Called when nothing stands in the way of their start any more. */
  readonly beforeStarting?: () => void;
  /** Told what happens to the processes. */
  readonly emit?: Emit;
}

/**
 * Runs programs side by side, each in a process group of its own with standard input closed, until the policy ends them.
 * TERM and INT ask all groups to end with their stop signal, and kill them after the grace or at the second one; every
 * other signal that can be caught is passed on to each group. If this process is killed, so are they.
 *
 * @returns the exit code by the policy: a process' own, or 128 + the signal that ended it. Nothing of them is left.
 * @throws EntrypointError of code 126 or 127 before anything is started when a program cannot be executed; the desk's error
 *   when a signal came before that
 */
export async function supervise(processes: readonly SupervisedProcess[], options: SuperviseOptions): Promise<number> {
  const { desk, endWhen = "any", graceMs = STOP_GRACE_MS, emit = () => undefined } = options;
  // `process.env` asks the system for each variable at each start of a process.
  const env = { ...options.env };
  const programs = processes.map((process) => findChecked(process, env));
  const names = processes.map(({ name }) => name);
  const { spawn } = await import("node:child_process");
  const { output: mode = "lines", toError = false } = options;
  const output = (await openOutput(mode, names, toError)) ?? passThrough(emit, toError);
  desk.check();
  const leash = process.pid === 1 ? undefined : await startLeash(() => emit(LEASH_LOST));
  const observe = report(names, emit);
  options.beforeStarting?.();
  const supervisor = new Supervisor({ processes, endWhen, graceMs }, { programs, env, spawn, leash, output, observe });
  const unlisten = listen(supervisor, desk);
  const exitCode = await supervisor.ended;
  unlisten();
  await output.close();
  await leash?.release();
  return exitCode;
}

const LEASH_LOST: EntrypointEvent = {
  type: "warning",
  message: "the shell that kills the processes when this process is killed has ended",
  hint: "End this process with TERM, not KILL: after KILL they would go on.",
};

function findChecked({ argv }: SupervisedProcess, env: NodeJS.ProcessEnv): Program {
  const [name = "", ...rest] = argv;
  const program = findProgram(name, searchPathOf(env));
  checkWords({ argv: [...program.head, ...rest], env });
  return program;
}

function passThrough(emit: Emit, toError: boolean): ProcessOutput {
  emit({
    type: "warning",
    message: "no pipes can be made: the processes write to standard output and standard error themselves",
    hint: "Have mkfifo (coreutils) in the image, and let /dev/shm or the folder for temporary files be written to.",
  });
  return inherited(toError);
}

function listen(supervisor: Supervisor, desk: SignalDesk): () => void {
  const unforward = desk.supervise(({ signal, supervised }) => {
    supervisor.dispatch(supervised === "stop" ? { type: "stop" } : { type: "signal", signal });
  });
  const listeners = JOB_CONTROL.map((signal) => ({
    signal,
    listener: () => supervisor.dispatch({ type: "signal", signal }),
  }));
  for (const { signal, listener } of listeners) process.on(signal, listener);
  return () => {
    unforward();
    for (const { signal, listener } of listeners) process.off(signal, listener);
  };
}
