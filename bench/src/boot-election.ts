import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execPath } from "node:process";

import { startProgram } from "@slipway/testkit";

import { backEndsHere, type BackEndKind, type BenchBackEnd } from "./boot-back-ends.ts";
import type { BootPeer } from "./boot-peers.ts";
import { programFolder, type ProgramFolder } from "./boot-program.ts";
import type { Timing } from "./interleave.ts";
import { goOnUnlessAsked } from "./interruption.ts";
import type { Programs } from "./programs.ts";
import { NotReadyError, type BenchResult, type BenchSettings } from "./result.ts";

const ROUNDS = 5;
const SIZES = [2, 10, 50, 100];

/** The leader's task: runs until it is told to end, and leaves the time at which it ends. */
const TASK = "while [ ! -e go ]; do sleep 0.02; done; date +%s%3N > ended";

/**
 * How long after the end of the leader's command the last of several processes is past the election, by the line that it
 * prints then. Everything runs on this one machine: followers that wake at once share its processors.
 */
export async function elections(
  { rounds = ROUNDS, anyway }: BenchSettings,
  programs: Programs<BootPeer>,
): Promise<BenchResult> {
  const { kinds, missing } = backEndsHere(programs);
  if (missing.length > 0 && !anyway) throw new NotReadyError(`${missing.join("; ")}; --anyway leaves it out`);
  using folder = programFolder();
  const timings: Timing[] = [];
  for (const kind of kinds) {
    for (const size of SIZES) timings.push(await timingOf(kind, size, { folder, rounds }));
  }
  const figures = Object.fromEntries(timings.map(({ name, samples }) => [`${name}, ms`, Math.max(...samples)]));
  const versions = kinds.flatMap(({ name, version }) => (version === undefined ? [] : [[name, version()] as const]));
  return { versions: Object.fromEntries(versions), timings, figures, remarks: missing };
}

interface Course {
  readonly folder: ProgramFolder;
  readonly rounds: number;
}

async function timingOf({ name, make }: BackEndKind, size: number, { folder, rounds }: Course): Promise<Timing> {
  await using backEnd = await make();
  const samples: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    goOnUnlessAsked();
    const ms = await lagOnce(backEnd, folder, { release: `r${String(round)}`, size });
    // The first round warms up.
    if (round > 0) samples.push(ms);
  }
  return { group: `election, ${name}`, name: `last of ${String(size)} behind the leader, ${name}`, samples };
}

interface Starts {
  readonly release: string;
  readonly size: number;
}

async function lagOnce(
  backEnd: BenchBackEnd,
  { path, program }: ProgramFolder,
  { release, size }: Starts,
): Promise<number> {
  for (const left of ["go", "ended"]) rmSync(join(path, left), { force: true });
  const tasks = [{ task: "migrate", run: ["sh", "-c", TASK], election: backEnd.url }];
  writeFileSync(join(path, "entrypoint.json"), JSON.stringify({ tasks }));
  await using stack = new AsyncDisposableStack();
  const env = { ...process.env, ...backEnd.env, ENTRYPOINT_RELEASE: release };
  const programs = Array.from({ length: size }, () =>
    stack.use(startProgram(execPath, [program, "run", "--json", "--", "true"], { cwd: path, env })),
  );
  await followersWait(programs.map((one) => one.says('"type":"waiting"')));
  const passed = programs.map(async (one) => {
    await one.says('"type":"step-done"');
    return Date.now();
  });
  writeFileSync(join(path, "go"), "");
  const last = Math.max(...(await Promise.all(passed)));
  const failed = (await Promise.all(programs.map(({ ended }) => ended))).filter(({ code }) => code !== 0);
  if (failed.length > 0) throw new Error(`${String(failed.length)} of ${String(size)} starts failed`);
  return last - Number(readFileSync(join(path, "ended"), "utf8"));
}

/** All but one say that they wait; the leader says nothing. */
function followersWait(said: readonly Promise<void>[]): Promise<void> {
  return new Promise((resolve, reject) => {
    let waiting = 0;
    const count = async (one: Promise<void>): Promise<void> => {
      await one;
      waiting += 1;
      if (waiting === said.length - 1) resolve();
    };
    Promise.all(said.map((one) => count(one))).catch(reject);
  });
}
