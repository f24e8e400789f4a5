#!/usr/bin/env node
import { run } from "./run.ts";

const stop = new AbortController();
let exitCode: number | undefined;
for (const [signal, code] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const) {
  process.once(signal, () => {
    exitCode = code;
    stop.abort();
  });
}

const { stdout, stderr } = process;
const ended = await run(
  process.argv.slice(2),
  { stdout, stderr, environment: process.env, directory: process.cwd() },
  stop.signal,
);
process.exitCode = ended === 0 ? 0 : (exitCode ?? ended);
