import type { Fault } from "@slipway/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { atEveryRequest, faultWorld, type FaultWorld } from "./fault-matrix.ts";

let world: FaultWorld;
beforeAll(async () => {
  world = await faultWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

const FAULTS: readonly (readonly [string, Fault])[] = [
  ["a reset before the request is read", { kind: "cut", when: "before" }],
  ["a reset in the middle of the body", { kind: "cut", when: "body" }],
  ["a reset after the body, the request carried out", { kind: "cut", when: "after" }],
  ["a slow answer", { kind: "delay", milliseconds: 10 }],
  ["an answer that ends half-way", { kind: "truncate" }],
];

describe.each(["once", "always"] as const)("a sync of 60 files with, at each of its requests in turn, %s", (times) => {
  it.each(FAULTS)(
    "%s, ends right or names the key and can be run again",
    async (_, fault) => expect(await atEveryRequest(world, fault, times)).toEqual([]),
    600_000,
  );
});
