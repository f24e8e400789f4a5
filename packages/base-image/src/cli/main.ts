#!/usr/bin/env node
import { refuseNode } from "./node-version.ts";

const args = process.argv.slice(2);
const refused = refuseNode(process.versions.node, args, process);
if (refused !== undefined) process.exit(refused);

const interruption = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => interruption.abort(new DOMException(signal, "AbortError")));
}

// Only now: an older node cannot even load what the program imports.
const { runProgram } = await import("./program.ts");
const code = await runProgram(args, process, interruption.signal);
// What is still on its way into a pipe would be cut off.
await Promise.all(
  [process.stdout, process.stderr].map((stream) => new Promise<void>((done) => stream.write("", () => done()))),
);
// Not `exitCode`: when an engine refuses a build, dockerode leaves the build's session open, and node would wait for it.
process.exit(code);
