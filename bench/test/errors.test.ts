import { inspect } from "node:util";

import { expect, it } from "vitest";

import { unfolded } from "../src/errors.ts";

async function failTwice(): Promise<void> {
  await using _left = { [Symbol.asyncDispose]: () => Promise.reject(new Error("the bucket stays")) };
  throw new Error("no answer in 60 s");
}

it("shows what failed, and what then failed in cleaning up", async () => {
  const error: unknown = await failTwice().catch(unfolded);
  expect(inspect(error)).toMatch(/no answer in 60 s[\s\S]*the bucket stays/);
});

it("leaves every other error as it is", () => {
  const error = new Error("once");
  expect(unfolded(error)).toBe(error);
});
