import { setTimeout as wait } from "node:timers/promises";

import { execa } from "execa";

/** What a container is started from. Containers share the host's network, so that servers on 127.0.0.1 are theirs too. */
export interface ContainerStart {
  readonly image: string;
  readonly name: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Host folders by the path they take in the container, read-only. */
  readonly mounts?: Readonly<Record<string, string>>;
  /** Replaces the image's CMD. */
  readonly command?: readonly string[];
}

/** A container that is removed, running or not, when its scope ends. */
export interface Container extends AsyncDisposable {
  readonly name: string;
  /** Standard output and error so far, in the order they were written. */
  logs(): Promise<string>;
  /** Runs a program inside and answers its output. */
  exec(...command: readonly string[]): Promise<string>;
  kill(signal: string): Promise<void>;
  /** Waits for the end and answers the exit code. */
  wait(): Promise<number>;
}

/** Starts a container and does not wait for the program in it. */
export async function startContainer(start: ContainerStart): Promise<Container> {
  const { name } = start;
  await docker(...runArguments(start));
  return {
    name,
    logs: () => readLogs(name),
    exec: (...command) => docker("exec", name, ...command),
    kill: async (signal) => void (await docker("kill", "--signal", signal, name)),
    wait: async () => Number(await docker("wait", name)),
    [Symbol.asyncDispose]: async () => void (await docker("rm", "--force", "--volumes", name)),
  };
}

/** Polls a URL until it answers 200; the error holds what the container printed. */
export async function waitUntilServing(container: Container, url: string, deadlineMs: number): Promise<number> {
  const started = performance.now();
  for (;;) {
    const answer = await fetch(url).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer?.status === 200) return performance.now() - started;
    if (performance.now() - started > deadlineMs) {
      throw new Error(`${url} did not answer 200 within ${deadlineMs} ms\n${await container.logs()}`);
    }
    await wait(100);
  }
}

/** The engine answers each stream by itself; its time stamps put the lines of both in order. */
async function readLogs(name: string): Promise<string> {
  const { stdout, stderr } = await execa("docker", ["logs", "--timestamps", name]);
  const lines = [...stdout.split("\n"), ...stderr.split("\n")].filter((line) => line !== "");
  const inOrder = lines.toSorted((a, b) => Number(stampOf(a) > stampOf(b)) - Number(stampOf(a) < stampOf(b)));
  return inOrder.map((line) => line.slice(stampOf(line).length + 1)).join("\n");
}

function stampOf(line: string): string {
  return line.split(" ", 1)[0] ?? "";
}

function runArguments(start: ContainerStart): string[] {
  const env = Object.entries(start.env ?? {}).flatMap(([key, value]) => ["--env", `${key}=${value}`]);
  const mounts = Object.entries(start.mounts ?? {}).flatMap(([target, source]) => [
    "--volume",
    `${source}:${target}:ro`,
  ]);
  const place = ["run", "--detach", "--network", "host", "--name", start.name];
  return [...place, ...env, ...mounts, start.image, ...(start.command ?? [])];
}

async function docker(...args: readonly string[]): Promise<string> {
  return (await execa("docker", args)).stdout;
}
