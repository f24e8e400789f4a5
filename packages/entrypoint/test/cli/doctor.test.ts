import { startProgram } from "@slipway/testkit";
import { afterAll, beforeAll, expect, it } from "vitest";

import { CHECKS } from "../../src/cli/doctor-checks.ts";
import { buildProgram, type BuiltProgram } from "../bundle.ts";

let built: BuiltProgram;
beforeAll(async () => {
  built = await buildProgram();
});
afterAll(async () => built[Symbol.asyncDispose]());

async function doctor(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  await using program = startProgram(process.execPath, [built.file, "doctor", ...args], {
    env: { ...process.env, ...env },
  });
  const { code } = await program.ended;
  return { code, stdout: program.stdout() };
}

it("says each check on a line, and 0 where starts work", async () => {
  const { code, stdout } = await doctor([]);
  expect(code).toBe(0);
  for (const check of Object.keys(CHECKS)) expect(stdout).toMatch(new RegExp(`^(ok|note) +${check} `, "m"));
});

it("says them as JSON, the last line the summary", async () => {
  const lines = (await doctor(["--json"])).stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as object);
  expect(lines).toHaveLength(Object.keys(CHECKS).length + 1);
  expect(lines.at(-1)).toEqual({ type: "summary", findings: Object.keys(CHECKS).length, bad: 0 });
});

it("ends with 1 when the database's name is not known, and never shows its password", async () => {
  const { code, stdout } = await doctor([], { DATABASE_URL: "postgres://app:s3cret@no-such-host.invalid/shop" });
  expect(code).toBe(1);
  expect(stdout).toMatch(/^bad +dns +no-such-host.invalid is /m);
  expect(stdout).not.toContain("s3cret");
});
