import { execFileSync } from "node:child_process";
import { lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";

import type { TempTree } from "@slipway/testkit";

import { projectWith } from "../../test/packages/project.ts";
import { PUBLISHED, published, startReleasedRegistry } from "../../test/packages/release.ts";
import { interleave, type BenchCase } from "./interleave.ts";
import type { BenchResult, BenchSettings } from "./result.ts";
import { spreadOf } from "./summary.ts";

const ROUNDS = 21;

/** What an installation of each package by npm weighs, and how long Node takes to import it beside a module with nothing in it. */
export async function bench({ rounds = ROUNDS }: BenchSettings): Promise<BenchResult> {
  await using registry = await startReleasedRegistry();
  const installed = new Map<string, TempTree>();
  for (const name of PUBLISHED) installed.set(name, await projectWith("npm", registry.endpoint, [published(name)]));
  try {
    return await measure(installed, rounds);
  } finally {
    for (const project of installed.values()) await project[Symbol.asyncDispose]();
  }
}

async function measure(installed: ReadonlyMap<string, TempTree>, rounds: number): Promise<BenchResult> {
  const cases = [...installed].map(([name, { path }]) => importing(`import ${name}`, path, published(name)));
  const timings = await interleave([importing("import nothing", ".", "data:text/javascript,"), ...cases], rounds);
  const [nothing = 0, ...imports] = timings.map(({ samples }) => spreadOf(samples).median);
  const figures = [...installed].flatMap(([name, { path }], index) => [
    [`${name}: installed MB`, round(folderBytes(join(path, "node_modules")) / 1e6)] as const,
    [`${name}: packages installed`, countPackages(join(path, "node_modules"))] as const,
    [`${name}: ms to import`, round((imports[index] ?? 0) - nothing)] as const,
  ]);
  return { versions: {}, timings, figures: Object.fromEntries(figures) };
}

function importing(name: string, cwd: string, module: string): BenchCase {
  const script = `await import(${JSON.stringify(module)})`;
  const args = ["--input-type=module", "--eval", script];
  return { name, run: () => void execFileSync(process.execPath, args, { cwd, stdio: "ignore" }) };
}

function folderBytes(folder: string): number {
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).reduce(
    (sum, entry) => sum + (lstatSync(join(folder, entry)).isFile() ? lstatSync(join(folder, entry)).size : 0),
    0,
  );
}

function countPackages(modules: string): number {
  const scoped = (entry: string): number => (entry.startsWith("@") ? readdirSync(join(modules, entry)).length : 1);
  return readdirSync(modules)
    .filter((entry) => !entry.startsWith("."))
    .reduce((sum, entry) => sum + scoped(entry), 0);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
