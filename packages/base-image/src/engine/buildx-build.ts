import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { execa } from "execa";

import { isBaseImageError } from "../errors.ts";
import type { BuildOptions } from "./build-options.ts";
import { dockerBuildArguments } from "./docker-command.ts";
import { packContext } from "./pack.ts";
import type { BuildPlan } from "./plan.ts";
import type { BuildProgress } from "./progress.ts";
import { parseRawJson } from "./status.ts";

/** Builds into the engine with `docker buildx`, from the same tar that the engine would get, and gives the image's id. */
export async function buildWithBuildx(
  plan: BuildPlan,
  options: BuildOptions & { readonly signal?: AbortSignal | undefined },
  progress: BuildProgress,
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "base-image-"));
  try {
    const idFile = join(folder, "image-id");
    const args = ["--provenance=false", "--iidfile", idFile];
    await runBuildx(plan, [...dockerBuildArguments(plan, options), ...args], progress, options.signal);
    return (await readFile(idFile, "utf8")).trim();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Runs `docker` with the arguments of a build that takes the context on its standard input. */
export async function runBuildx(
  plan: BuildPlan,
  args: readonly string[],
  progress: BuildProgress,
  signal: AbortSignal | undefined,
): Promise<void> {
  const subprocess = execa("docker", [...args, "--progress=rawjson"], {
    input: packContext(plan.context, plan.dockerfile),
    cancelSignal: signal ?? new AbortController().signal,
    forceKillAfterDelay: 5000,
    reject: false,
    buffer: { stdout: false, stderr: false },
  });
  const unread: string[] = [];
  for await (const line of subprocess.iterable({ from: "stderr" })) {
    const status = parseRawJson(line);
    if (status === undefined) unread.push(line);
    else progress.update(status);
  }
  const result = await subprocess;
  if (isBaseImageError(result.cause)) throw result.cause;
  if (result.failed) throw progress.failure(unread.slice(-20).join("\n") || result.shortMessage || "docker failed");
}
