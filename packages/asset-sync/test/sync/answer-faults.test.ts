import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { atEveryRequest, faultWorld, type FaultWorld } from "./fault-matrix.ts";

let world: FaultWorld;
beforeAll(async () => {
  world = await faultWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

describe.each(["once", "always"] as const)("a sync of 60 files with, at each of its requests in turn, %s", (times) => {
  it.each([
    [500, "InternalError"],
    [503, "SlowDown"],
    [400, "RequestTimeout"],
    [403, "ExpiredToken"],
    [412, "PreconditionFailed"],
  ])(
    "%d %s, ends right or names the key and can be run again",
    async (status, code) => expect(await atEveryRequest(world, { kind: "answer", status, code }, times)).toEqual([]),
    600_000,
  );
});
