import { spawn } from "node:child_process";
import { join } from "node:path";

import { tempTree } from "@slipway/testkit";
import { rolldown } from "rolldown";

import config from "../../rolldown.config.ts";

/** The program as it is shipped, built anew into a folder of its own. */
export interface Bundle extends AsyncDisposable {
  readonly folder: string;
  readonly program: string;
}

/** What a run of the program left. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export async function makeBundle(): Promise<Bundle> {
  const folder = await tempTree();
  const { output, ...input } = config;
  const packageFolder = join(import.meta.dirname, "../..");
  // How long it takes on a busy machine is nothing that a bundler should have to say.
  const checks = { bundlerTimings: false };
  await using build = await rolldown({ ...input, checks, cwd: packageFolder, onLog: refuseLog });
  if (output === undefined || Array.isArray(output)) throw new Error("one output is expected");
  await build.write({ ...output, dir: folder.path });
  return {
    folder: folder.path,
    program: join(folder.path, "asset-sync.mjs"),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

/** Runs a program with this environment only, PATH aside; nobody is at the other end of a pipe that is `unread`. */
export async function runProgram(
  program: string,
  words: readonly string[],
  options: {
    readonly cwd: string;
    readonly env?: Readonly<Record<string, string>>;
    readonly unread?: readonly ("stdout" | "stderr")[];
  },
): Promise<Ended> {
  const env = { PATH: process.env["PATH"], HOME: options.cwd, AWS_EC2_METADATA_DISABLED: "true", ...options.env };
  const child = spawn(program, [...words], { cwd: options.cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  for (const pipe of options.unread ?? []) child[pipe].destroy();
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
}

function refuseLog(level: string, { message }: { readonly message: string }): never {
  throw new Error(`The bundler has something to say (${level}): ${message}`);
}
