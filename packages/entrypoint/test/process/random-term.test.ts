import { spawn } from "node:child_process";
import { join } from "node:path";

import { fixturePrograms, tempTree } from "@slipway/testkit";
import { afterAll, beforeAll, expect, it } from "vitest";

import { buildProgram, type BuiltProgram } from "../bundle.ts";

const STARTS = 1_000;
const SIDE_BY_SIDE = 8;
const WINDOW_MS = 60;

/** Well over what a start takes on a busy machine: who is still there then has lost the signal. */
const HANGING_MS = 60_000;

let built: BuiltProgram;
beforeAll(async () => {
  built = await buildProgram();
});
afterAll(async () => built[Symbol.asyncDispose]());

interface Outcome {
  readonly afterMs: number;
  readonly end: string;
}

/** Starts the entrypoint, sends TERM after a while and tells how it ended. */
function startAndTerm(
  afterMs: number,
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Promise<Outcome> {
  const words = [built.file, "run", "--quiet", "--", "prints-signals"];
  const child = spawn(process.execPath, words, { ...options, detached: true, stdio: ["ignore", "pipe", "ignore"] });
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (said += text));
  setTimeout(() => child.kill("SIGTERM"), afterMs);
  const hanging = setTimeout(() => process.kill(-(child.pid ?? 0), "SIGKILL"), HANGING_MS);
  return new Promise((resolve) => {
    child.once("close", (code, signal) => {
      clearTimeout(hanging);
      const handled = said.includes("got TERM") ? " by the app" : "";
      resolve({ afterMs, end: signal === null ? `${String(code)}${handled}` : signal });
    });
  });
}

it(
  `is ended by a TERM at any moment of its first ${String(WINDOW_MS)} ms, ${String(STARTS)} times`,
  { timeout: 300_000 },
  async () => {
    await using programs = await fixturePrograms();
    await using app = await tempTree({
      "entrypoint.json": JSON.stringify({ tasks: [{ task: "run", run: [join(programs.path, "exits"), "0"] }] }),
    });
    const options = { cwd: app.path, env: { ...process.env, PATH: programs.searchPath } };
    const moments = Array.from({ length: STARTS }, () => Math.random() * WINDOW_MS);
    const outcomes: Outcome[] = [];
    const worker = async (): Promise<void> => {
      for (let moment = moments.pop(); moment !== undefined; moment = moments.pop()) {
        outcomes.push(await startAndTerm(moment, options));
      }
    };
    await Promise.all(Array.from({ length: SIDE_BY_SIDE }, worker));
    // By TERM itself before Node listens and before the app does, 143 by the entrypoint, or by the app's own handler.
    const lost = outcomes.filter(({ end }) => !["SIGTERM", "143", "143 by the app"].includes(end));
    expect(lost).toEqual([]);
    expect(outcomes).toHaveLength(STARTS);
  },
);
