import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";

import { missingServices } from "@slipway/testkit";

import { bundlePrograms } from "./bundle.ts";
import { ROOT, runCommand } from "./run-command.ts";

/** Where vitest leaves the numbers of the last run. */
const REPORT = join(ROOT, "node_modules", ".cache", "slipway", "tests.json");

/** Ten minutes of a CI job of ninety are for the checks before the tests: what hangs shall be shown by us, not cut off by the job. */
const LIMIT_MS = 80 * 60_000;

/** What a test run came to. */
export interface TestCount {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly exitCode: number;
}

/** Runs the suites with vitest's own arguments and says once what was skipped and why. */
export async function runTests(args: readonly string[]): Promise<TestCount> {
  await bundlePrograms();
  await rm(REPORT, { force: true });
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${REPORT}`];
  const exitCode = await runCommand("vitest", ["run", ...reporters, ...args], { limitMs: LIMIT_MS });
  const count = { ...(await readCount()), exitCode };
  if (count.skipped > 0) process.stdout.write(skippedLine(count.skipped));
  return count;
}

async function readCount(): Promise<Omit<TestCount, "exitCode">> {
  const text = await readFile(REPORT, "utf8").catch(() => undefined);
  if (text === undefined) return { passed: 0, failed: 1, skipped: 0 };
  const result = JSON.parse(text) as Record<"numPassedTests" | "numFailedTests" | "numPendingTests", number>;
  return { passed: result.numPassedTests, failed: result.numFailedTests, skipped: result.numPendingTests };
}

function skippedLine(skipped: number): string {
  const missing = missingServices();
  const reason = missing.length === 0 ? "see the list above" : `missing here: ${missing.join("; ")}`;
  return `\n${skipped} tests skipped, ${reason}\nHow to point them at your own servers: CONTRIBUTING.md, "Services"\n`;
}

if (import.meta.main) process.exitCode = (await runTests(process.argv.slice(2))).exitCode;
