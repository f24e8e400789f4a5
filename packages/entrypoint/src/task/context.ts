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
  /** What stands before each line that commands print. */
  readonly prefix?: string;
  /** What is seen of this step's commands. */
  readonly meter: StepMeter;
  /** Milliseconds that the waits of this start have taken so far. */
  readonly waited: { ms: number };
}

/** What a step's commands were seen to do. */
export interface StepMeter {
  /** When the first one was started, in seconds since the start of the process. */
  commandAt?: number;
  /** Of the last one that ended. */
  exitCode?: number;
  /** The most that one of them had in memory. */
  peakMegabytes?: number;
}
