import { setTimeout as wait } from "node:timers/promises";

import { execa } from "execa";

import { interruption } from "../interruption.ts";
import { isServing } from "../page.ts";

/** What a container is started from. Containers share the host's network, so that servers on 127.0.0.1 are theirs too. */
export interface ContainerStart {
  readonly image: string;
  readonly name: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Host folders by the path they take in the container, read-only. */
  readonly mounts?: Readonly<Record<string, string>>;
  /** Further options of `docker run`. */
  readonly options?: readonly string[];
  /** Replaces the image's CMD. */
  readonly command?: readonly string[];
}

/** A line of a container's output. */
export interface LogLine {
  readonly at: string;
  readonly line: string;
}

/** A container that is removed, running or not, when its scope ends. */
export interface Container extends AsyncDisposable {
  readonly name: string;
  /** Standard output and error so far, in the order they were written. */
  logs(): Promise<string>;
  /** The same, each line with the engine's time stamp (RFC 3339, so that they sort as text). */
  timedLogs(): Promise<readonly LogLine[]>;
  /** Runs a program inside and answers its output. */
  exec(...command: readonly string[]): Promise<string>;
  kill(signal: string): Promise<void>;
  /** Asks it to end, and ends it after 30 s. */
  stop(): Promise<void>;
  /** Waits for the end and answers the exit code. */
  wait(): Promise<number>;
}

/** Starts a container and does not wait for the program in it. */
export async function startContainer(start: ContainerStart): Promise<Container> {
  const { name } = start;
  const remove = async (): Promise<void> => void (await docker("rm", "--force", "--volumes", name));
  await docker(...runArguments(start)).catch(async (error: unknown) => {
    // the engine may have made it all the same
    await remove().catch(() => undefined);
    throw error;
  });
  return {
    name,
    logs: async () => (await readLogs(name)).map(({ line }) => line).join("\n"),
    timedLogs: () => readLogs(name),
    exec: (...command) => docker("exec", name, ...command),
    kill: async (signal) => void (await docker("kill", "--signal", signal, name)),
    stop: async () => void (await docker("stop", "--time", "30", name)),
    wait: async () => Number(await docker("wait", name)),
    [Symbol.asyncDispose]: remove,
  };
}

/** Polls a URL until it answers 200; the error holds what the container printed. */
export async function waitUntilServing(container: Container, url: string, deadlineMs: number): Promise<number> {
  const started = performance.now();
  for (;;) {
    if (await isServing(url)) return performance.now() - started;
    if (performance.now() - started > deadlineMs) {
      throw new Error(`${url} did not answer 200 within ${deadlineMs} ms\n${await container.logs()}`);
    }
    await wait(100, undefined, { signal: interruption });
  }
}

/** The engine answers each stream by itself; its time stamps put the lines of both in order. */
async function readLogs(name: string): Promise<readonly LogLine[]> {
  const { stdout, stderr } = await execa("docker", ["logs", "--timestamps", name], { detached: true });
  const lines = [...stdout.split("\n"), ...stderr.split("\n")].filter((line) => line !== "");
  return inOrder(lines.map((line) => ({ at: line.split(" ", 1)[0] ?? "", line: line.slice(line.indexOf(" ") + 1) })));
}

/** Lines in the order of their time stamps; those of one instant stay as they are. */
export function inOrder<Line extends LogLine>(lines: readonly Line[]): readonly Line[] {
  return lines.toSorted((a, b) => Number(a.at > b.at) - Number(a.at < b.at));
}

function runArguments(start: ContainerStart): string[] {
  const env = Object.entries(start.env ?? {}).flatMap(([key, value]) => ["--env", `${key}=${value}`]);
  const mounts = Object.entries(start.mounts ?? {}).flatMap(([target, source]) => [
    "--volume",
    `${source}:${target}:ro`,
  ]);
  const place = ["run", "--detach", "--network", "host", "--name", start.name];
  return [...place, ...(start.options ?? []), ...env, ...mounts, start.image, ...(start.command ?? [])];
}

async function docker(...args: readonly string[]): Promise<string> {
  // a process group of its own: Ctrl-C on the terminal is for the demo, which then still has containers to remove
  return (await execa("docker", args, { detached: true })).stdout;
}
