import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

import { tempTree } from "@slipway/testkit";

import { startPackageRegistry, type PackageRegistry } from "./package-registry.ts";

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, "../..");

/** The packages that are published. */
export const PUBLISHED = ["asset-sync", "base-image", "entrypoint"] as const;

/** The name a package is published under. */
export const published = (name: string): string => `@slipway/${name}`;

/** The line that has a manager take our scope from a registry. */
export const scopeAt = (registry: string): string => `@slipway:registry=${registry}\n`;

/** Starts a registry that this checkout was published to. */
export async function startReleasedRegistry(): Promise<PackageRegistry> {
  const registry = await startPackageRegistry();
  await publish(registry);
  return registry;
}

/** Publishes this checkout with the release workflow's own command and answers what it printed. */
export async function publish(registry: PackageRegistry, env: Readonly<Record<string, string>> = {}): Promise<string> {
  await using settings = await tempTree({ npmrc: `${scopeAt(registry.endpoint)}${registry.login}\n` });
  const own = { ...withoutSettings(), NPM_CONFIG_USERCONFIG: join(settings.path, "npmrc"), GITHUB_ACTIONS: "", ...env };
  const { stdout } = await run("sh", ["-c", (await publishStep()).command], { cwd: ROOT, env: own });
  return stdout;
}

/** Without what a package manager that runs this hands down: its settings would name the registry that people publish to. */
function withoutSettings(): NodeJS.ProcessEnv {
  const ours = Object.entries(process.env).filter(([key]) => !/^p?npm_config_/i.test(key));
  return Object.fromEntries(ours);
}

/** The last step of the release workflow: its command and its variables. */
export async function publishStep(): Promise<{ readonly command: string; readonly env: Record<string, string> }> {
  const workflow = await readFile(join(ROOT, ".github/workflows/release.yml"), "utf8");
  const [, command, variables] = /- run: (.* changeset publish .*)\n +env:\n([^]*)$/.exec(workflow) ?? [];
  if (command === undefined || variables === undefined) throw new Error("release.yml has no step that publishes");
  return {
    command,
    env: Object.fromEntries([...variables.matchAll(/(\w+): "(.*)"/g)].map(([, key, value]) => [key, value])),
  };
}
