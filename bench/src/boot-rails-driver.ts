import { existsSync } from "node:fs";
import { argv, execPath, stdout } from "node:process";
import { setTimeout as wait } from "node:timers/promises";

import { interleave } from "./interleave.ts";
import { startOnce } from "./start-once.ts";

/** Runs in the container that has Rails: times a start with nothing pending, Rails' own, what starting anything takes, and the floor where there is one. */
const [, , mounted = "", rounds = ""] = argv;
const program = `${mounted}/entrypoint/entrypoint.cjs`;
const floor = `${mounted}/floor.cjs`;
const own = ["run", "--quiet", "--config", `${mounted}/entrypoint.json`, "--", "true"];

/** Longer than the period that the kernel gives out processor time in: no start pays for what the one before has used of it. */
const PERIOD_MS = 110;
const prepare = (): Promise<void> => wait(PERIOD_MS);

const start = (...words: readonly string[]): void => startOnce(words);

start("bin/rails", "db:migrate");
start(execPath, program, "bake");
const timings = await interleave(
  [
    { name: "run, nothing pending", prepare, run: () => start(execPath, program, ...own) },
    { name: "rails db:migrate", prepare, run: () => start("bin/rails", "db:migrate") },
    { name: "true", prepare, run: () => start("true") },
    ...(existsSync(floor) ? [{ name: "floor", prepare, run: () => start(execPath, floor) }] : []),
  ],
  Number(rounds),
);
stdout.write(JSON.stringify(timings));
