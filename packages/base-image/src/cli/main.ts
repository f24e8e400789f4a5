#!/usr/bin/env node
import { refuseNode } from "./node-version.ts";

const args = process.argv.slice(2);
const refused = refuseNode(process.versions.node, args, process);
if (refused !== undefined) process.exit(refused);

const interruption = new AbortController();
for (const [signal, exitCode] of [["SIGINT", 130] as const, ["SIGTERM", 143] as const]) {
  // Never taken off: where nobody else listens, execa ends the program by the signal before anything is cleaned up.
  process.on(signal, () => {
    if (interruption.signal.aborted) process.exit(exitCode);
    interruption.abort(new DOMException(signal, "AbortError"));
  });
}

// Only now: an older node cannot even load what the program imports.
const { runProgram } = await import("./program.ts");
const { watchOutput } = await import("./broken-output.ts");
const output = watchOutput(process, interruption);
const code = await runProgram(args, process, interruption.signal);
// What is still on its way into a pipe would be cut off.
const broken = await output.flush();
// Not `exitCode`: when an engine refuses a build, dockerode leaves the build's session open, and node would wait for it.
process.exit(broken ?? code);
