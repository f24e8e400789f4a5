import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";

/** How a program ended. */
export interface ProgramEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A program that runs; it and its process group are killed when the `await using` scope ends. */
export interface RunningProgram extends AsyncDisposable {
  readonly pid: number;
  /** What it has written so far. */
  stdout(): string;
  stderr(): string;
  /** Resolves when its output (both streams) holds the text or matches; rejects when it ends or a minute passes before that. */
  says(what: string | RegExp): Promise<void>;
  kill(signal: NodeJS.Signals): void;
  /** Resolves when it has ended and its output is complete. */
  readonly ended: Promise<ProgramEnd>;
}

/** How to start a program. */
export interface ProgramOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly argv0?: string;
}

const PATIENCE_MS = 60_000;

/** Starts a program in a process group of its own, its output collected. */
export function startProgram(file: string, args: readonly string[], options: ProgramOptions = {}): RunningProgram {
  const { env = process.env, cwd, argv0 } = options;
  const child = spawn(file, args, {
    env,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    ...(cwd === undefined ? {} : { cwd }),
    ...(argv0 === undefined ? {} : { argv0 }),
  });
  const { pid, stdout, stderr } = child;
  if (pid === undefined) throw new Error(`${file} could not be started`);
  const written = { stdout: "", stderr: "" };
  const listeners = new Set<() => void>();
  const collect = (stream: "stdout" | "stderr") => (chunk: string) => {
    written[stream] += chunk;
    for (const listener of listeners) listener();
  };
  stdout.setEncoding("utf8").on("data", collect("stdout"));
  stderr.setEncoding("utf8").on("data", collect("stderr"));
  const ended = new Promise<ProgramEnd>((resolve) => child.once("close", (code, signal) => resolve({ code, signal })));
  const text = (): string => written.stdout + written.stderr;
  const says = async (what: string | RegExp): Promise<void> => {
    const said = new Promise<boolean>((resolve) => {
      const look = (): void => {
        if (typeof what === "string" ? text().includes(what) : what.test(text())) resolve(true);
      };
      listeners.add(look);
      look();
    });
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => resolve(false), PATIENCE_MS);
    });
    const found = await Promise.race([said, late, ended.then(() => false)]);
    clearTimeout(timer);
    if (!found) throw new Error(`${file} never said ${String(what)}; it said:\n${text()}`);
  };
  return {
    pid,
    stdout: () => written.stdout,
    stderr: () => written.stderr,
    says,
    kill: (signal) => void child.kill(signal),
    ended,
    [Symbol.asyncDispose]: async () => {
      killGroup(pid);
      await ended;
    },
  };
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // The whole group is gone already.
  }
}

/** Polls until the condition holds; rejects after the patience, naming what was waited for. */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  patienceMs: number = PATIENCE_MS,
): Promise<void> {
  const deadline = Date.now() + patienceMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`waited ${String(patienceMs)} ms in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Whether a process is there and is not a zombie. */
export async function isAlive(pid: number): Promise<boolean> {
  const status = await readFile(`/proc/${String(pid)}/status`, "utf8").catch(() => "State:\tZ");
  return !/^State:\s+[ZX]/m.test(status);
}
