import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, symlink } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { text } from "node:stream/consumers";

import { tempTree, type TempTree } from "@slipway/testkit";

import { commandBlocks, isNamed, type Exchange } from "./blocks.ts";
import { PAGES } from "./pages.ts";
import type { Scenario } from "./scenario.ts";
import { startSurroundings } from "./surroundings.ts";
import { transcriptPattern } from "./transcript.ts";

const ROOT = join(import.meta.dirname, "../..");

/** The programs' files, and the names that each is called by. */
const PROGRAM_FILES = {
  "base-image/dist/bundle/base-image.mjs": ["base-image"],
  "asset-sync/dist/bundle/asset-sync.mjs": ["asset-sync"],
  "entrypoint/dist/bundle/entrypoint.cjs": ["entrypoint", "prehook", "render", "switch", "codep"],
};

/** A block as its page shows it, and as it went: the same where each command ended and printed as it should. */
export interface BlockRun {
  readonly shown: string;
  readonly given: string;
}

/** Runs a scenario's block in a folder of its own, where the programs are found as they are once they are installed. */
export async function runScenario(scenario: Scenario): Promise<BlockRun> {
  const [block, ...more] = PAGES.flatMap(commandBlocks).filter((one) => isNamed(one, scenario));
  if (block === undefined || more.length > 0) throw new Error(`${scenario.page}: not one block begins so`);
  await using surroundings = await startSurroundings(scenario);
  await using tree = await folderFor(scenario);
  const cwd = scenario.inRepository === true ? ROOT : join(tree.path, "app");
  const place = { cwd, env: { ...environmentOf(tree.path), ...surroundings.environment, ...scenario.environment } };
  await mustEndWell(scenario.before, place);
  const parts: BlockRun[] = [];
  for (const exchange of block.exchanges) {
    const isLast = parts.length + 1 === block.exchanges.length;
    parts.push(await runExchange(exchange, isLast ? (scenario.code ?? 0) : 0, scenario, place));
  }
  await mustEndWell(scenario.after, place);
  return { shown: parts.map(({ shown }) => shown).join(""), given: parts.map(({ given }) => given).join("") };
}

/** Where commands run, and their variables. */
interface Place {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

async function runExchange(
  { command, output }: Exchange,
  code: number,
  { varies, beside }: Scenario,
  place: Place,
): Promise<BlockRun> {
  const ended = await bash(command, place);
  const all = ended.output.replaceAll(place.cwd, "/srv/shop");
  const printed = beside === undefined ? all : all.replace(beside, "");
  const fits = output === "" || transcriptPattern(output, varies).test(printed);
  if (fits && ended.code === code) return { shown: output, given: output };
  return { shown: output, given: `${command}\n${printed}[ended with ${ended.code}]` };
}

async function folderFor({ files = {} }: Scenario): Promise<TempTree> {
  const tree = await tempTree(Object.fromEntries(Object.entries(files).map(([path, body]) => [`app/${path}`, body])));
  for (const folder of ["app/node_modules/@slipway", "bin"]) await mkdir(join(tree.path, folder), { recursive: true });
  for (const [path, body] of Object.entries(files)) {
    if (body.startsWith("#!")) await chmod(join(tree.path, "app", path), 0o755);
  }
  for (const [file, names] of Object.entries(PROGRAM_FILES)) {
    const [name = ""] = file.split("/");
    await symlink(join(ROOT, "packages", name), join(tree.path, "app/node_modules/@slipway", name));
    for (const link of names) await symlink(join(ROOT, "packages", file), join(tree.path, "bin", link));
  }
  return tree;
}

/** Of this machine's variables only the path: what a run is told stands in its scenario. */
function environmentOf(folder: string): Readonly<Record<string, string>> {
  const path = [join(folder, "bin"), join(folder, "app/bin"), process.env["PATH"] ?? ""].join(delimiter);
  return { PATH: path, HOME: folder, REPOSITORY: ROOT, AWS_EC2_METADATA_DISABLED: "true" };
}

async function mustEndWell(script: string | undefined, place: Place): Promise<void> {
  if (script === undefined) return;
  const { code, output } = await bash(script, place);
  if (code !== 0) throw new Error(`${script}\nended with ${code}:\n${output}`);
}

async function bash(script: string, { cwd, env }: Place): Promise<{ readonly code: number; readonly output: string }> {
  const words = ["--noprofile", "-euo", "pipefail", "-c", `exec 2>&1\n${script}`];
  const shell = spawn("bash", words, { cwd, env, stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(shell, "close");
  const output = await text(shell.stdout);
  const [code] = (await ended) as [number];
  return { code, output };
}
