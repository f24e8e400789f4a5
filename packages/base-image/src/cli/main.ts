#!/usr/bin/env node
import { runProgram } from "./program.ts";

const interruption = new AbortController();
let received: NodeJS.Signals | undefined;
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    received = signal;
    interruption.abort();
  });
}

const code = await runProgram(process.argv.slice(2), process, interruption.signal);
// Not `exitCode`: when an engine refuses a build, dockerode leaves the build's session open, and node would wait for it.
process.exit(received === "SIGTERM" ? 143 : received === "SIGINT" ? 130 : code);
