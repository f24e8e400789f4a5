import { EntrypointError } from "../errors.ts";
import { caughtSignals, findSignalPipes } from "./caught-signals.ts";
import { EXIT_CODES } from "./exit-codes.ts";
import { SIGNALS, type SignalRow } from "./signals.ts";

/** Takes signals for the running task. */
export type SignalReceiver = (row: SignalRow) => void;

/** Where all signals of a start arrive. */
export interface SignalDesk {
  /** Aborts at the first signal that stops a start; the reason is the `ENTRYPOINT_INTERRUPTED` error. */
  readonly stopped: AbortSignal;
  /** Signals go to this receiver until the returned function is called. */
  forward(receiver: SignalReceiver): () => void;
  /** The same for several programs: until the returned function is called, what a signal does is its row's `supervised`. */
  supervise(receiver: SignalReceiver): () => void;
  /** @throws the `ENTRYPOINT_INTERRUPTED` error when a stopping signal has arrived. */
  check(): void;
  /**
   * Lets signals that are on their way arrive, then gives those that stop a start their default action back, and looks for
   * those that came in between. The others have no effect until `execve` gives them theirs. The caller must hand over in the
   * same tick.
   * @throws as `check`
   */
  close(): Promise<void>;
}

/**
 * Listens from now on. Until a task runs, a signal of effect `pass` has no effect. `stopped` is made when it is asked for,
 * because it needs a module of Node's that most starts do without.
 */
export function openSignalDesk(): SignalDesk {
  let interruption: EntrypointError | undefined;
  let controller: AbortController | undefined;
  const receivers = new Set<SignalReceiver>();
  let effect: "effect" | "supervised" = "effect";
  const listeners = listenToAll((row) => {
    for (const receiver of receivers) receiver(row);
    if (row[effect] !== "stop") return;
    interruption ??= interrupted(row);
    controller?.abort(interruption);
  });
  const forward = (receiver: SignalReceiver): (() => void) => {
    receivers.add(receiver);
    return () => receivers.delete(receiver);
  };
  const check = (): void => {
    if (interruption !== undefined) throw interruption;
  };
  return {
    get stopped() {
      controller ??= new AbortController();
      if (interruption !== undefined) controller.abort(interruption);
      return controller.signal;
    },
    forward,
    supervise: (receiver) => {
      effect = "supervised";
      const unforward = forward(receiver);
      return () => {
        effect = "effect";
        unforward();
      };
    },
    check,
    close: async () => closeDesk(listeners, check),
  };
}

interface Listener {
  readonly row: SignalRow;
  readonly listener: () => void;
}

function listenToAll(take: SignalReceiver): readonly Listener[] {
  return SIGNALS.map((row) => {
    const listener = (): void => take(row);
    process.on(row.signal, listener);
    return { row, listener };
  });
}

async function closeDesk(listeners: readonly Listener[], check: () => void): Promise<void> {
  // The first turn may end without a poll, when it began in one.
  for (let turn = 0; turn < 2; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  const pipes = findSignalPipes();
  check();
  for (const { row, listener } of listeners) if (row.effect === "stop") process.off(row.signal, listener);
  const caught = caughtSignals(pipes);
  const stop = SIGNALS.find((row) => row.effect === "stop" && caught.includes(row.number));
  if (stop !== undefined) throw interrupted(stop);
}

function interrupted(row: SignalRow): EntrypointError {
  return new EntrypointError("ENTRYPOINT_INTERRUPTED", {
    message: `${row.signal} arrived before the app was started`,
    exitCode: EXIT_CODES.signalBase + row.number,
  });
}
