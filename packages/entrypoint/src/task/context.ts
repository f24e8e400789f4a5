import type { Emit } from "../events.ts";
import type { SignalDesk } from "../process/signal-desk.ts";

/** What every task works with. */
export interface TaskContext {
  readonly desk: SignalDesk;
  readonly emit: Emit;
  readonly env: NodeJS.ProcessEnv;
  /** What is started: the key of everything that happens once per release. */
  readonly release: string | undefined;
  /** Standard output is this process' own, for events: what commands print there goes to standard error. */
  readonly toError?: boolean;
  /** Milliseconds that the waits of this start have taken so far. */
  readonly waited: { ms: number };
  /** This process among all that start, e.g. `3f2a9c:7`. */
  readonly holder: string;
}
