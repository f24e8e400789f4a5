import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { execPath } from "node:process";

import { until } from "@slipway/testkit";

import type { BootPeer } from "./boot-peers.ts";
import { initsHere, ownStarters, type Starter } from "./boot-starters.ts";
import { goOnUnlessAsked } from "./interruption.ts";
import type { Programs } from "./programs.ts";
import type { BenchResult } from "./result.ts";

/** An app that does nothing, under a name that no starter has. */
const APP = "sleep";

/** A script that starts the app as its child, and stays. */
const PARENT = 'require("node:child_process").spawn(process.argv[1], process.argv.slice(2));';

/** How much memory is resident beside an app that has been started, by what started it. */
export async function resident(programs: Programs<BootPeer>): Promise<BenchResult> {
  using own = ownStarters();
  const parent: Starter = { name: "a Node script as its parent", before: (...app) => [execPath, "-e", PARENT, ...app] };
  const figures: Record<string, number> = {};
  for (const starter of [...initsHere(programs), ...own.starters, parent]) {
    goOnUnlessAsked();
    figures[`resident beside the app: ${starter.name}, kB`] = await residentBeside(starter, own.path);
  }
  return { versions: {}, timings: [], figures };
}

async function residentBeside({ name, before }: Starter, cwd: string): Promise<number> {
  const [command = "", ...words] = before(APP, "600");
  const { pid } = spawn(command, words, { cwd, stdio: "ignore" });
  if (pid === undefined) throw new Error(`${name}: ${command} cannot be started`);
  try {
    await until(`${name} has started the app`, async () => treeOf(pid).some(isApp));
    const beside = treeOf(pid).filter((one) => !isApp(one));
    return beside.reduce((sum, one) => sum + kilobytesOf(one.pid), 0);
  } finally {
    for (const one of treeOf(pid)) process.kill(one.pid, "SIGKILL");
  }
}

interface Running {
  readonly pid: number;
  readonly name: string;
}

function isApp({ name }: Running): boolean {
  return name === APP;
}

/** A process and all below it; those that end meanwhile are left out. */
function treeOf(pid: number): readonly Running[] {
  const of = `/proc/${String(pid)}`;
  try {
    const name = readFileSync(`${of}/comm`, "utf8").trim();
    const children = readFileSync(`${of}/task/${String(pid)}/children`, "utf8")
      .split(" ")
      .map(Number);
    return [{ pid, name }, ...children.filter((child) => child > 0).flatMap((child) => treeOf(child))];
  } catch {
    return [];
  }
}

function kilobytesOf(pid: number): number {
  return Number(/^Rss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${String(pid)}/smaps_rollup`, "utf8"))?.[1]);
}
