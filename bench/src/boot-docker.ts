import { spawnSync } from "node:child_process";

/**
 * Runs `docker` to its end.
 * @returns its standard output
 * @throws Error with its standard error when it fails
 */
export function runDocker(words: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync("docker", words, { encoding: "utf8" });
  if (status !== 0) throw new Error(`docker ${words.slice(0, 2).join(" ")} ended with ${String(status)}: ${stderr}`);
  return stdout;
}
