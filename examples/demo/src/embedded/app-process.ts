import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as wait } from "node:timers/promises";

import { interruption } from "../interruption.ts";
import { isServing } from "../page.ts";

/** One start of the app through the entrypoint: what a container would be. */
export interface AppProcess extends AsyncDisposable {
  readonly pid: number;
  readonly url: string;
  /** What entrypoint, migration and app have printed so far. */
  output(): string;
  /** Polls /up until it answers; the error holds the output. */
  untilServing(deadlineMs: number): Promise<void>;
}

/** Starts the app on a port and answers at once. */
export async function startApp(
  command: readonly string[],
  port: number,
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Promise<AppProcess> {
  const [program = "", ...args] = command;
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: { ...options.env, PORT: String(port) },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const chunks: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => chunks.push(text));
  await once(child, "spawn");
  const url = `http://127.0.0.1:${port}`;
  return {
    pid: child.pid ?? 0,
    url,
    output: () => chunks.join(""),
    untilServing: (deadlineMs) => untilServing(child, url, deadlineMs, () => chunks.join("")),
    [Symbol.asyncDispose]: () => stop(child),
  };
}

async function untilServing(child: ChildProcess, url: string, deadlineMs: number, output: () => string): Promise<void> {
  const deadline = performance.now() + deadlineMs;
  while (performance.now() < deadline && child.exitCode === null) {
    if (await isServing(`${url}/up`)) return;
    await wait(50, undefined, { signal: interruption });
  }
  throw new Error(
    `the app at ${url} does not serve (exit code ${child.exitCode ?? "none, still running"})\n${output()}`,
  );
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  await ended;
}
