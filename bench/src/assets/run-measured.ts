import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import type { LoggedRequest } from "@slipway/testkit";

import type { Measures } from "../interleave.ts";
import type { Command } from "./tools.ts";

const execute = promisify(execFile);

/** What GNU time writes: seconds in user and kernel mode of the program and its children, the largest one's memory in KiB. */
const FORMAT = "%U %S %M";

/**
 * Runs a command under GNU time and gives its processor time and peak memory.
 * @throws Error with the end of what it said when it fails.
 */
export async function runMeasured(
  time: string,
  { program, words }: Command,
  env: NodeJS.ProcessEnv,
): Promise<Measures> {
  const folder = await mkdtemp(join(tmpdir(), "bench-time-"));
  try {
    const file = join(folder, "time");
    const options = { env, maxBuffer: 2 ** 26 };
    await execute(time, ["--format", FORMAT, "--output", file, program, ...words], options).catch(shortened);
    return usageOf(await readFile(file, "utf8"));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Reads what GNU time wrote. */
export function usageOf(written: string): Measures {
  const [user = Number.NaN, system = Number.NaN, kibibytes = Number.NaN] = written.trim().split(" ").map(Number);
  return { "CPU s": Math.round((user + system) * 100) / 100, "peak MiB": Math.round(kibibytes / 1024) };
}

/** How many requests there were of each kind, such as `PUT requests`; reading a bucket is a LIST. */
export function requestsOf(log: readonly LoggedRequest[]): Measures {
  const kinds = Map.groupBy(log, ({ method, key }) => (method === "GET" && key === "" ? "LIST" : method));
  return Object.fromEntries([...kinds].map(([kind, requests]) => [`${kind} requests`, requests.length]));
}

/** Requests that the server refused for another reason than that there is nothing: a tool that ends well must have none. */
export function refusedIn(log: readonly LoggedRequest[]): readonly string[] {
  return log
    .filter(({ status = 0 }) => status >= 400 && status !== 404 && status !== 412)
    .map(({ method, key, status }) => `${method} ${key}: HTTP status ${status}`);
}

function shortened(error: Error & { readonly stderr?: string }): never {
  throw new Error(`${error.message.slice(0, 200)}: ${(error.stderr ?? "").slice(-1000)}`);
}
