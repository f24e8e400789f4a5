import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { execa } from "execa";

import type { BuildOptions } from "./build-options.ts";
import { dockerBuildArguments } from "./docker-command.ts";
import { packContext } from "./pack.ts";
import type { BuildPlan } from "./plan.ts";
import type { BuildProgress } from "./progress.ts";
import { parseRawJson } from "./status.ts";

/** Builds with `docker buildx` from the same tar that the engine would get, and gives the image's id. */
export async function buildWithBuildx(
  plan: BuildPlan,
  options: BuildOptions & { readonly signal?: AbortSignal | undefined },
  progress: BuildProgress,
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "base-image-"));
  try {
    const idFile = join(folder, "image-id");
    const [command, build, ...rest] = dockerBuildArguments(plan, options);
    const flags = ["--progress=rawjson", "--provenance=false", "--iidfile", idFile];
    const subprocess = execa("docker", [String(command), String(build), ...flags, ...rest], {
      input: packContext(plan.context, plan.dockerfile),
      cancelSignal: options.signal ?? new AbortController().signal,
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
    if (result.failed) throw progress.failure(unread.slice(-20).join("\n") || result.shortMessage || "docker failed");
    return (await readFile(idFile, "utf8")).trim();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
