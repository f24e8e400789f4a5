import { execFile } from "node:child_process";
import { join } from "node:path";

import { expect, it } from "vitest";

const SOURCE = join(import.meta.dirname, "../src");

/** A run whose second case never comes, because the first is interrupted at the time that is named; it says what it has removed. */
const scriptOf = (time: "prepare" | "run"): string => `
  import { endWhenAsked } from ${JSON.stringify(join(SOURCE, "interruption.ts"))};
  import { interleave } from ${JSON.stringify(join(SOURCE, "interleave.ts"))};
  endWhenAsked();
  try {
    await using made = { [Symbol.asyncDispose]: async () => console.log("removed") };
    await interleave([
      { name: "first", run: () => console.log("first"), ${time}: () => void process.kill(process.pid, "SIGINT") },
      { name: "second", run: () => console.log("second") },
    ], 1);
  } catch ({ message, exitCode }) {
    console.log(message, exitCode);
  }
`;

it.each([
  ["between two cases", "run"],
  ["before what it was about to measure", "prepare"],
] as const)("a run that is interrupted ends %s, and removes what it has made", async (_, time) => {
  const printed = await new Promise((resolve, reject) => {
    const words = ["--input-type=module-typescript", "--eval", scriptOf(time)];
    execFile(process.execPath, words, (error, stdout) => (error === null ? resolve(stdout) : reject(error)));
  });
  expect(printed).toBe("removed\ninterrupted by SIGINT 130\n");
});
