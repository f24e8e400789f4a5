#!/usr/bin/env node
import { refuseNode } from "./node-version.ts";

const refusal = refuseNode(process.versions.node);
if (refusal === undefined) {
  // Whatever is imported here at once is parsed before the version can be looked at.
  void import("./program.ts").then(({ program }) => program());
} else {
  const { exitCode } = refusal;
  process.stderr.write(`${refusal.message}\n`);
  if (process.argv.includes("--json")) {
    const lines = [
      { type: "error", ...refusal },
      { type: "summary", exitCode },
    ].map((line) => JSON.stringify(line));
    process.stdout.write(`${lines.join("\n")}\n`);
  }
  process.exitCode = exitCode;
}
