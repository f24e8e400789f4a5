import { describe, expect, it } from "vitest";

import { leaseTimes } from "../../src/election/lease.ts";
import { advance, begin } from "../../src/election/protocol.ts";
import { explore } from "./model/explore.ts";
import { modelOf, MUTANTS } from "./model/mutants.ts";
import { NO_FAULTS, type Faults, type Kind } from "./model/world.ts";

const KINDS: readonly Kind[] = ["session", "lease"];

/** How many containers, and what may go wrong for them in one history, in every order. */
const HISTORIES: readonly (readonly [number, Partial<Faults>])[] = [
  [3, {}],
  [2, { deaths: 1, losses: 1, replies: 1, pauses: 1, failures: 1 }],
  [2, { deaths: 1, delays: 1, replies: 1, stops: 1 }],
  [2, { losses: 2, failures: 2, stops: 1 }],
  [3, { deaths: 2, failures: 1 }],
  [3, { replies: 1, pauses: 1, skews: 1 }],
  [3, { delays: 1, stops: 1, failures: 1 }],
];

const RULES = { remember: true, tries: 2, leaseMs: 10_000 };

describe.each(KINDS)("a back end whose lock is a %s", { timeout: 600_000 }, (kind) => {
  it.each(HISTORIES)("holds what it promises to %i containers with %o", (size, faults) => {
    const model = { kind, size, faults: { ...NO_FAULTS, ...faults }, tries: 3, lost: 1, lease: 6, advance };
    expect(explore(model).violation).toBeUndefined();
  });

  it("gives a release up when each of its containers dies", () => {
    const faults = { ...NO_FAULTS, deaths: 2, failures: 1 };
    const { violation } = explore({ kind, size: 3, faults, tries: 2, lost: 1, lease: 6, advance });
    expect(violation).toBeUndefined();
  });
});

it("holds in every one of a million worlds", () => {
  const faults = { ...NO_FAULTS, deaths: 1, losses: 1, pauses: 1, skews: 1 };
  const { worlds, violation } = explore({ kind: "session", size: 3, faults, tries: 3, lost: 1, lease: 5, advance });
  expect(violation).toBeUndefined();
  expect(worlds).toBeGreaterThan(1_000_000);
}, 600_000);

describe.each(MUTANTS)("a protocol that $wrong", (mutant) => {
  it.each(mutant.kinds ?? KINDS)("is found out where the lock is a %s", (kind) => {
    expect(explore(modelOf(mutant, kind)).violation?.claim).toBe(mutant.claim);
  });
});

it("leaves time between the moment a leader has stopped and the end of its lease", () => {
  const { beatMs, lostMs, stopMs } = leaseTimes(10_000);
  expect({ beatMs, lostMs, stopMs }).toEqual({ beatMs: 1_500, lostMs: 6_000, stopMs: 1_000 });
});

it("remembers nothing without a release, but who runs it now", () => {
  const rules = { ...RULES, remember: false };
  const running = {
    state: "running",
    holder: "a",
    failures: 1,
    message: "",
    exitCode: 0,
    seconds: 0,
  } as const;
  const reading = { ...begin().candidate, phase: "reading" } as const;
  const done = { type: "read", record: { ...running, state: "done" }, silentMs: Infinity } as const;
  expect(advance(reading, done, rules).effect).toEqual({ type: "try-lock" });
  const locked = { ...reading, phase: "reading-locked" } as const;
  expect(advance(locked, done, rules).effect).toEqual({ type: "record-running", failures: 0 });
  expect(advance(locked, { type: "read", record: running, silentMs: 4_000 }, rules).effect).toEqual({
    type: "wait-silent",
    ms: 6_000,
  });
});

it("treats an event that cannot happen as a bug", () => {
  expect(() => advance(begin().candidate, { type: "succeeded" }, RULES)).toThrow(
    "connecting cannot take the event succeeded",
  );
});
