import { advance, type ElectionEvent, type Step } from "../../../src/election/protocol.ts";
import { NO_FAULTS, type Faults, type Model } from "./world.ts";

/** A protocol, or times, with one thing wrong, and the claim that has to be seen broken. */
export interface Mutant {
  readonly wrong: string;
  readonly claim: string;
  /** Where it can be wrong; everywhere when it is not said. */
  readonly kinds?: readonly Model["kind"][];
  readonly faults: Partial<Faults>;
  readonly change: Partial<Model>;
}

type Advance = Model["advance"];

/** The protocol, but for what one step leads to. */
function mutated(change: (step: Step, before: Step["candidate"], event: ElectionEvent) => Step): Advance {
  return (candidate, event, rules) => change(advance(candidate, event, rules), candidate, event);
}

function go(step: Step, phase: Step["candidate"]["phase"], effect: Step["effect"]): Step {
  return { candidate: { ...step.candidate, phase }, effect };
}

/** The protocol that reads other records than there are. */
function misread(change: (event: Extract<ElectionEvent, { type: "read" }>) => ElectionEvent): Advance {
  return (candidate, event, rules) => advance(candidate, event.type === "read" ? change(event) : event, rules);
}

/** Each would be easy to write. */
export const MUTANTS: readonly Mutant[] = [
  {
    wrong: "does not read again once it has the lock",
    claim: "done is final",
    faults: {},
    change: {
      advance: mutated((step, _, event) =>
        event.type === "locked" ? go(step, "announcing", { type: "record-running", failures: 0 }) : step,
      ),
    },
  },
  {
    wrong: "takes over at once from a holder that was heard of",
    claim: "at most one acts",
    // A back end of leases does not give the lock away before that.
    kinds: ["session"],
    faults: { losses: 1 },
    change: {
      advance: misread(({ record }) => ({
        type: "read",
        record,
        silentMs: 99,
      })),
    },
  },
  {
    wrong: "acts without the lock when it is free",
    claim: "it runs once",
    faults: {},
    change: {
      advance: mutated((step, _, event) => (event.type === "free" ? go(step, "acting", { type: "act" }) : step)),
    },
  },
  {
    wrong: "goes on when the lock is lost",
    // Its task has to end before time goes on, and does not.
    claim: "progress",
    faults: { losses: 2 },
    change: {
      advance: mutated((step, before, event) =>
        event.type === "lost" && before.phase === "acting" ? { candidate: before, effect: { type: "act" } } : step,
      ),
    },
  },
  {
    wrong: "says that it was done before that is written down",
    claim: "it runs once",
    faults: {},
    change: {
      advance: mutated((step, _, event) =>
        event.type === "succeeded" ? go(step, "ended", { type: "finish", outcome: { type: "led" } }) : step,
      ),
    },
  },
  {
    wrong: "tries again what failed while it waited",
    claim: "a failure is told to all",
    faults: { failures: 3 },
    change: {
      advance: mutated((step) =>
        step.effect?.type === "finish" && step.effect.outcome.type === "failed-elsewhere"
          ? go(step, "ended", { type: "finish", outcome: { type: "led" } })
          : step,
      ),
    },
  },
  {
    wrong: "forgets to count failures",
    claim: "tries are bounded",
    faults: { failures: 3 },
    change: {
      tries: 1,
      advance: mutated((step) =>
        step.effect?.type === "record-failed" ? { ...step, effect: { ...step.effect, failures: 0 } } : step,
      ),
    },
  },
  {
    wrong: "does not count that a holder was gone",
    claim: "tries are bounded",
    faults: { deaths: 1 },
    change: {
      tries: 1,
      advance: misread(({ record, silentMs }) => ({
        type: "read",
        silentMs,
        record: record?.state === "running" && silentMs >= 6 ? { ...record, state: "stopped" } : record,
      })),
    },
  },
  {
    wrong: "gives up when its connection breaks while it waits",
    claim: "who did not lead does not lose",
    faults: { losses: 1 },
    change: {
      advance: mutated((step, before, event) =>
        event.type === "lost" && before.phase === "waiting"
          ? go(step, "ended", { type: "finish", outcome: { type: "lost", reason: "" } })
          : step,
      ),
    },
  },
  {
    wrong: "waits for ever when the lock is taken",
    claim: "progress",
    faults: {},
    change: {
      advance: mutated((step, before, event) =>
        event.type === "free" ? { candidate: before, effect: { type: "wait-free" } } : step,
      ),
    },
  },
  {
    wrong: "takes a task that a signal has ended for done",
    claim: "only what succeeded is done",
    faults: { stops: 1 },
    change: {
      advance: mutated((step, _, event) =>
        event.type === "interrupted"
          ? go(step, "recording", { type: "record-done", failures: step.candidate.failures })
          : step,
      ),
    },
  },
  {
    wrong: "stops its task too late for the lease",
    claim: "at most one acts",
    faults: { losses: 1 },
    change: { lost: 5, lease: 4 },
  },
  {
    wrong: "leaves nothing of the lease for clocks and pauses",
    claim: "at most one acts",
    faults: { losses: 1, pauses: 1, skews: 1 },
    change: { lease: 4 },
  },
];

/** What a mutant is explored in. */
export function modelOf({ faults, change }: Mutant, kind: Model["kind"]): Model {
  return { kind, size: 2, faults: { ...NO_FAULTS, ...faults }, tries: 3, lost: 1, lease: 6, advance, ...change };
}
