import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

import { tempTree, type TempTree } from "@slipway/testkit";

import { scopeAt } from "./release.ts";

const run = promisify(execFile);

/** How each package manager adds packages, and where it reads which registry a scope comes from. */
const MANAGERS = {
  npm: { command: ["npm", "install", "--no-audit", "--no-fund"], settings: npmrc },
  pnpm: { command: ["npx", "--yes", "pnpm@12", "add"], settings: npmrc },
  "yarn 1": { command: ["npx", "--yes", "yarn@1.22.22", "add"], settings: npmrc },
  "yarn 4": { command: ["npx", "--yes", "@yarnpkg/cli-dist@4", "add"], settings: yarnrc },
} as const;

/** The names of the package managers. */
export type Manager = keyof typeof MANAGERS;
export const MANAGER_NAMES: readonly Manager[] = Object.keys(MANAGERS) as Manager[];

function npmrc(registry: string): Record<string, string> {
  return { ".npmrc": scopeAt(registry) };
}

function yarnrc(registry: string): Record<string, string> {
  const settings = {
    nodeLinker: "node-modules",
    unsafeHttpWhitelist: ["127.0.0.1"],
    npmScopes: { slipway: { npmRegistryServer: registry } },
  };
  return { ".yarnrc.yml": JSON.stringify(settings), "yarn.lock": "" };
}

/** An empty project with packages added by one manager; those of our scope come from the registry given. */
export async function projectWith(manager: Manager, registry: string, packages: readonly string[]): Promise<TempTree> {
  const { command, settings } = MANAGERS[manager];
  const [program, ...args] = command;
  const project = await tempTree({ "package.json": '{ "private": true, "type": "module" }', ...settings(registry) });
  await run(program, [...args, ...packages], { cwd: project.path, env: { ...process.env, npm_config_user_agent: "" } });
  return project;
}

/** The installed packages that would run a script of theirs while they are installed. */
export function withInstallScript(project: TempTree): readonly string[] {
  const modules = join(project.path, "node_modules");
  return readdirSync(modules, { recursive: true, encoding: "utf8" })
    .filter((file) => /(^|node_modules\/)(@[^/]+\/)?[^/@]+\/package\.json$/.test(file))
    .filter((file) => runsScript(join(modules, file)));
}

function runsScript(manifest: string): boolean {
  const { scripts = {} } = JSON.parse(readFileSync(manifest, "utf8")) as { readonly scripts?: object };
  return ["preinstall", "install", "postinstall"].some((name) => name in scripts);
}
