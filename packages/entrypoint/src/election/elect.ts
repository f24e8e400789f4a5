import { backOff, pause } from "../process/patience.ts";
import {
  advance,
  begin,
  type ElectionEffect,
  type ElectionEvent,
  type ElectionOutcome,
  type ElectionRecord,
  type ElectionRules,
  type Failure,
} from "./protocol.ts";
import { ElectionLost, type ElectionStore } from "./store.ts";

/** How the task ended where it was run. */
export type ActResult =
  | { readonly type: "succeeded" }
  | { readonly type: "failed"; readonly failure: Failure }
  | { readonly type: "interrupted" };

/** One candidate's part in an election. */
export interface Election {
  readonly store: ElectionStore;
  readonly rules: ElectionRules;
  /** Ends every wait of this candidate, but not the task: `act` sees to that itself. */
  readonly signal: AbortSignal;
  /** Runs the task; `stop` aborts when the lock was lost. */
  readonly act: (stop: AbortSignal) => Promise<ActResult>;
  /** Told every few seconds while another candidate leads, or while the back end cannot be reached. */
  readonly onWait: (reason: { readonly leader: ElectionRecord | undefined } | { readonly error: string }) => void;
}

/**
 * Carries the protocol out. The lock is given up before this resolves.
 * @throws the signal's reason when it aborts before the task began; EntrypointError when the back end refuses
 */
export async function elect(election: Election): Promise<ElectionOutcome> {
  const driver = openDriver(election);
  try {
    let { candidate, effect } = begin();
    while (effect !== undefined && effect.type !== "finish") {
      const event = await driver.perform(effect);
      ({ candidate, effect } = advance(candidate, event, election.rules));
    }
    if (effect === undefined) throw new Error(`the election stopped while ${candidate.phase}`);
    return effect.outcome;
  } finally {
    driver.unwatch();
    await election.store.close();
  }
}

interface Driver {
  perform(effect: Exclude<ElectionEffect, { type: "finish" }>): Promise<ElectionEvent>;
  unwatch(): void;
}

function openDriver(election: Election): Driver {
  const { store, signal } = election;
  const stop = new AbortController();
  let running: Promise<ElectionEvent> = Promise.resolve({ type: "interrupted" });
  let unwatch = (): void => undefined;
  let attempt = 0;

  const connect = async (): Promise<ElectionEvent> => {
    if (attempt > 0) await pause(backOff(attempt), signal);
    attempt += 1;
    await store.connect(signal);
    attempt = 1;
    return { type: "connected" };
  };

  const act = (): Promise<ElectionEvent> => {
    const lost = new Promise<ElectionEvent>((resolve) => {
      unwatch = store.watch((reason) => resolve({ type: "lost", reason }));
    });
    running = election.act(stop.signal);
    return Promise.race([running, lost]);
  };

  const stopTask = (): Promise<ElectionEvent> => {
    stop.abort();
    return running;
  };

  const write = async (done: Promise<void>): Promise<ElectionEvent> => {
    await done;
    return { type: "recorded" };
  };

  const handle = async (effect: Exclude<ElectionEffect, { type: "finish" }>): Promise<ElectionEvent> => {
    switch (effect.type) {
      case "connect":
        return connect();
      case "read":
        return { type: "read", record: await store.read() };
      case "try-lock":
        return (await store.tryLock()) ? { type: "locked" } : { type: "busy" };
      case "wait-free":
        await store.waitFree(signal, (leader) => election.onWait({ leader }));
        return { type: "free" };
      case "record-running":
        return write(store.recordRunning(effect.failures));
      case "act":
        return act();
      case "stop-task":
        return stopTask();
      case "record-done":
        return write(store.recordDone(effect.failures));
      case "record-failed":
        return write(store.recordFailed(effect.failures, effect.failure));
    }
  };

  return {
    perform: async (effect) => {
      try {
        if (effect.type !== "stop-task") beforeActing(effect, signal);
        return await handle(effect);
      } catch (error) {
        if (!(error instanceof ElectionLost)) throw error;
        if (effect.type === "connect") election.onWait({ error: error.message });
        return { type: "lost", reason: error.message };
      }
    },
    unwatch: () => unwatch(),
  };
}

/** The deadline or a signal ends a candidate that waits; one whose task has ended still writes down how. */
function beforeActing(effect: ElectionEffect, signal: AbortSignal): void {
  if (effect.type !== "record-done" && effect.type !== "record-failed") signal.throwIfAborted();
}
