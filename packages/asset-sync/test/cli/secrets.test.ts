import { tempTree } from "@slipway/testkit";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { run } from "../../src/cli/run.ts";
import { recordedTerminal } from "./recorded-terminal.ts";

const never = new AbortController().signal;

/** Odd characters in front of a part that no output holds by chance. */
const password = fc
  .tuple(
    fc.string({ unit: fc.constantFrom(...Array.from("aZ0:/@?#%\"'`\\ \n\t$&[]é")), maxLength: 8 }),
    fc.integer({ min: 0, max: 99 }),
  )
  .map(([odd, number]) => `${odd}Kq7wX${number}zP`);
const user = fc.string({ unit: fc.constantFrom(...Array.from("abAZ09-_+=. %\"'")), minLength: 1, maxLength: 8 });

const SHAPES: readonly ((credentials: string) => string)[] = [
  (credentials) => `https://${credentials}@s3.example/p`,
  (credentials) => `https//${credentials}@s3.example`,
  (credentials) => `https:/${credentials}@s3.example`,
  (credentials) => `${credentials}@s3.example:99`,
  (credentials) => `ftp://${credentials}@s3.example`,
  (credentials) => `s3://${credentials}@shop/p`,
  (credentials) => `s3:${credentials}@shop/p`,
  (credentials) => `file://${credentials}@shop/p`,
];

describe("a password in an address", () => {
  it("is refused and reaches no output, whatever it is made of and wherever it is given", async () => {
    await using app = await tempTree({ "public/assets/a.js": "a" });
    const address = fc.tuple(fc.constantFrom(...SHAPES), user, password);
    const places = fc.constantFrom("--to", "--endpoint", "ASSET_SYNC_TO", "ASSET_SYNC_ENDPOINT", "AWS_ENDPOINT_URL");
    await fc.assert(
      fc.asyncProperty(address, places, fc.boolean(), async ([shape, name, secret], place, json) => {
        const terminal = recordedTerminal(app.path);
        const given = shape(`${name}:${secret}`);
        const to = ["--to", "ASSET_SYNC_TO"].includes(place) ? [] : ["--to", "s3://shop"];
        const flag = place.startsWith("--") ? [place, given] : [];
        const environment = place.startsWith("--") ? {} : { [place]: given };
        const words = ["plan", "--release", "v1", ...to, ...flag, ...(json ? ["--json"] : [])];
        expect(await run(words, { ...terminal, environment }, never)).toBe(2);
        const output = terminal.out() + terminal.err();
        expect(output).toMatch(/ASSET_SYNC_(TARGET|OPTION)_INVALID/);
        expect(output).not.toMatch(/Kq7wX|zP/);
      }),
      { numRuns: 500 },
    );
  });
});
