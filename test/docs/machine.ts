import { execFile, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A container that has what the pages ask for, reaches this machine's network and engine, and knows nothing else. */
export interface Machine extends AsyncDisposable {
  /** Puts the content of a folder into the working folder. */
  take(folder: string): Promise<void>;
  /** Runs a bash script in the working folder; answers how it ended and all that it printed. */
  bash(script: string, environment?: Readonly<Record<string, string>>): Promise<{ code: number; output: string }>;
}

/** Builds the image of the machine and starts one. */
export async function startMachine(): Promise<Machine> {
  const name = `slipway-docs-${randomUUID().slice(0, 8)}`;
  const image = "slipway-docs:machine";
  await run("docker", ["build", "--quiet", "--network", "host", "--tag", image, join(import.meta.dirname, "machine")]);
  const socket = "/var/run/docker.sock:/run/docker.sock";
  await run("docker", ["run", "--detach", "--network", "host", "--volume", socket, "--name", name, "--init", image]);
  return {
    take: async (folder) => void (await run("docker", ["cp", `${folder}/.`, `${name}:/root/work`])),
    bash: async (script, environment = {}) => {
      const variables = Object.entries(environment).flatMap(([key, value]) => ["--env", `${key}=${value}`]);
      const shell = spawn("docker", ["exec", "--interactive", ...variables, name, "bash"]);
      shell.stdin.end(script);
      const ended = once(shell, "close");
      const [output, errors] = await Promise.all([text(shell.stdout), text(shell.stderr)]);
      const [code] = (await ended) as [number];
      return { code, output: output + errors };
    },
    [Symbol.asyncDispose]: async () => void (await run("docker", ["rm", "--force", "--volumes", name])),
  };
}
