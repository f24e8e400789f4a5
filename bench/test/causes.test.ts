import { inspect } from "node:util";

import { expect, it } from "vitest";

import { withAllCauses } from "../src/causes.ts";

function failsToClose(reason: string): AsyncDisposable {
  return { [Symbol.asyncDispose]: () => Promise.reject(new Error(reason)) };
}

async function failThrice(): Promise<void> {
  await using _bucket = failsToClose("the bucket stays");
  await using _proxy = failsToClose("the proxy goes on");
  throw new Error("no answer in 60 s");
}

it("shows what failed, and all that then failed in cleaning up", async () => {
  const error: unknown = await failThrice().catch(withAllCauses);
  expect(inspect(error)).toMatch(/no answer in 60 s[\s\S]*the proxy goes on[\s\S]*the bucket stays/);
});

it("leaves every other error as it is", () => {
  const error = new Error("once");
  expect(withAllCauses(error)).toBe(error);
});
