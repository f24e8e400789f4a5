import { execFile } from "node:child_process";
import { promisify } from "node:util";

import type { Measures } from "../interleave.ts";

const execute = promisify(execFile);

/**
 * Builds with `docker buildx build` and says where the time went: in steps (RUN, COPY and the like; what ran side by side
 * counts twice) and in writing layers and unpacking them into the engine's store.
 * @throws Error with the end of the build's progress when it fails; nothing is tried twice.
 */
export async function dockerBuild(words: readonly string[], { cold = false } = {}): Promise<Measures> {
  const flags = ["--load", "--progress=rawjson", "--network", "host", ...(cold ? ["--no-cache"] : [])];
  const built = execute("docker", ["buildx", "build", ...flags, ...words], { maxBuffer: 2 ** 28 });
  const { stderr } = await built.catch(failed);
  return phasesOf(stderr);
}

/** Reads BuildKit's raw progress; what came from the cache counts for nothing. */
export function phasesOf(progress: string): Measures {
  const lines = progress.split("\n").filter((line) => line.startsWith("{"));
  const reports = lines.map((line): { readonly vertexes?: readonly Vertex[] } => JSON.parse(line));
  const byDigest = new Map(reports.flatMap(({ vertexes = [] }) => vertexes).map((vertex) => [vertex.digest, vertex]));
  const seconds = (wanted: RegExp): number => {
    const done = [...byDigest.values()].filter(({ name, cached }) => wanted.test(name) && cached !== true);
    const took = done.map(({ started = "", completed = "" }) => Date.parse(completed) - Date.parse(started) || 0);
    return took.reduce((sum, milliseconds) => sum + milliseconds, 0) / 1_000;
  };
  return { "s in steps": seconds(/^\[(?!internal)/), "s exporting": seconds(/^exporting/) };
}

interface Vertex {
  readonly digest: string;
  readonly name: string;
  readonly cached?: boolean;
  readonly started?: string;
  readonly completed?: string;
}

/** Only the end: all of it is too much to read. */
function failed({ message, stderr = "" }: Error & { readonly stderr?: string }): never {
  throw new Error(`docker buildx build failed: ${stderr === "" ? message : stderr.slice(-1000)}`);
}
