#!/usr/bin/env node
import { refuseNode } from "./node-version.ts";

const refusal = refuseNode(process.versions.node);
if (refusal === undefined) {
  // Whatever is imported here at once is parsed before the version can be looked at.
  void import("./program.ts").then(({ program }) => program());
} else {
  process.stderr.write(`${refusal}\n`);
  process.exitCode = 2;
}
