import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import * as fc from "fast-check";
import { expect, it } from "vitest";

import { lint } from "../../src/lint/lint.ts";
import { RULES } from "../../src/lint/rules.ts";

const GOOD = join(import.meta.dirname, "good");

const SOURCES = [
  ...readdirSync(GOOD).map((name) => readFileSync(join(GOOD, name), "utf8")),
  ...RULES.flatMap(({ bad, good }) => [bad.text, good]),
];

/** Lines of real files, shuffled, cut and glued. */
const MIXED = fc
  .array(fc.tuple(fc.constantFrom(...SOURCES.flatMap((text) => text.split("\n"))), fc.nat(200)), { maxLength: 12 })
  .map((lines) => lines.map(([line, end]) => (end < line.length ? line.slice(0, end) : line)).join("\n"));

it("has findings with a place in the file for any text", async () => {
  await fc.assert(
    fc.asyncProperty(MIXED, async (text) => {
      const count = text.split("\n").length;
      const { findings } = await lint(`FROM debian:13\n${text}`, { pedantic: true });
      for (const { line, column, message, hint } of findings) {
        expect(line).toBeGreaterThan(0);
        expect(line).toBeLessThanOrEqual(count + 1);
        expect(column).toBeGreaterThan(0);
        expect(message).not.toBe("");
        expect(hint).not.toBe("");
      }
    }),
    { numRuns: 2000 },
  );
});
