import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { argv, execPath, stdout } from "node:process";

import { interleave } from "./interleave.ts";

/** Runs in the container that has Rails: times a start with nothing pending, Rails' own, what starting anything takes, and the floor where there is one. */
const [, , mounted = "", rounds = ""] = argv;
const program = `${mounted}/entrypoint/entrypoint.cjs`;
const floor = `${mounted}/floor.cjs`;
const own = ["run", "--quiet", "--config", `${mounted}/entrypoint.json`, "--", "true"];

function start(command: string, ...words: readonly string[]): void {
  const { status, stderr } = spawnSync(command, words, { stdio: ["ignore", "ignore", "pipe"] });
  if (status !== 0)
    throw new Error(`${[command, ...words].join(" ")} ended with ${String(status)}: ${stderr.toString()}`);
}

start("bin/rails", "db:migrate");
start(execPath, program, "bake");
const timings = await interleave(
  [
    { name: "run, nothing pending", run: () => start(execPath, program, ...own) },
    { name: "rails db:migrate", run: () => start("bin/rails", "db:migrate") },
    { name: "true", run: () => start("true") },
    ...(existsSync(floor) ? [{ name: "floor", run: () => start(execPath, floor) }] : []),
  ],
  Number(rounds),
);
stdout.write(JSON.stringify(timings));
