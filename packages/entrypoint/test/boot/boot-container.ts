import { randomUUID } from "node:crypto";
import { chmod } from "node:fs/promises";
import { dirname, join } from "node:path";

import { startProgram, tempTree, type RunningProgram } from "@slipway/testkit";

import type { BuiltProgram } from "../bundle.ts";

/** A read-only root, a user that no passwd entry names, no capabilities. */
export const HARD: readonly string[] = ["--read-only", "--user", "4242:4242", "--cap-drop", "ALL"];

/** What a container has beside its definition. */
export interface ContainerOptions {
  /** Its resolv.conf. */
  readonly resolv?: string;
  /** The variable URL. */
  readonly url?: string;
  /** Files beside the definition. */
  readonly files?: Readonly<Record<string, string>>;
  readonly command?: readonly string[];
}

/** A start in a container. */
export interface BootedContainer extends AsyncDisposable {
  readonly program: RunningProgram;
  /** Asks it to end as `docker stop` does first. */
  stop(): Promise<void>;
  end(): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>;
}

/** Starts the program in a container of its own; the flags are Docker's. */
export async function bootContainer(
  built: BuiltProgram,
  definition: object,
  flags: readonly string[],
  { resolv, url = "", files = {}, command = ["echo", "APP"] }: ContainerOptions,
): Promise<BootedContainer> {
  const own = { "entrypoint.json": JSON.stringify(definition), "resolv.conf": resolv ?? "" };
  const folder = await tempTree({ ...own, ...files });
  await chmod(folder.path, 0o755);
  const volumes = [`${dirname(built.file)}:/bundle:ro`, `${folder.path}:/app:ro`];
  if (resolv !== undefined) volumes.push(`${join(folder.path, "resolv.conf")}:/etc/resolv.conf:ro`);
  const place = [...volumes.flatMap((volume) => ["-v", volume]), "-w", "/app", "-e", `URL=${url}`];
  const call = ["node:24-trixie-slim", "node", "/bundle/entrypoint.cjs", "run", "--", ...command];
  const name = `entrypoint-test-${randomUUID()}`;
  const program = startProgram("docker", ["run", "--rm", "--name", name, ...place, ...flags, ...call]);
  return {
    program,
    stop: () => docker("kill", "--signal", "TERM", name),
    end: async () => {
      const { code } = await program.ended;
      return { code, stdout: program.stdout(), stderr: program.stderr() };
    },
    [Symbol.asyncDispose]: async () => {
      await docker("rm", "--force", name);
      await program[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

async function docker(...args: readonly string[]): Promise<void> {
  await using program = startProgram("docker", args);
  await program.ended;
}
