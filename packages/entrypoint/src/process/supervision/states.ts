/**
 * Where a process is. `running`; `stopping`: asked to end, or its first process has ended and the rest of its group was
 * asked; `killed`; `resting`: nothing of it is left, it will be started again; `gone`: nothing of it is left.
 */
export type Phase = "running" | "stopping" | "killed" | "resting" | "gone";

/** One process as the machine sees it. */
export interface ProcessState {
  readonly phase: Phase;
  /** The exit code of the present instance; `null` while its first process lives. */
  readonly exitCode: number | null;
  /** Restarts in a row so far. */
  readonly restarts: number;
}

/** Where all of them are. */
export interface SupervisionState {
  readonly processes: readonly ProcessState[];
  /** `null` until they are being stopped; `hastened`: the grace was cut short. */
  readonly stopping: null | "asked" | "hastened";
  /** The exit code that the policy has settled on. */
  readonly verdict: number | null;
  /** The first exit code that was not 0, of ends that counted. */
  readonly firstFailure: number | null;
  readonly ended: boolean;
}

/** What happens to them. `process` is the index in the plan. */
export type SupervisionEvent =
  /** The first process of the group has ended; `groupIsGone` when it was the last as well. */
  | {
      readonly type: "exited";
      readonly process: number;
      readonly exitCode: number;
      readonly ranMs: number;
      readonly groupIsGone: boolean;
    }
  /** The rest of the group is gone too. */
  | { readonly type: "group-gone"; readonly process: number }
  /** It could not be started: 126 or 127, and why. */
  | { readonly type: "not-started"; readonly process: number; readonly exitCode: number; readonly reason: string }
  /** The timer of this process has run out. */
  | { readonly type: "due"; readonly process: number }
  /** Somebody wants them to end. A second time: at once. */
  | { readonly type: "stop" }
  /** A signal to pass on. */
  | { readonly type: "signal"; readonly signal: NodeJS.Signals };

/** What is to be done about it. A process has one timer at most: a new one replaces it, `null` takes it away. */
export type SupervisionEffect =
  | { readonly type: "start"; readonly process: number }
  /** To the whole group. */
  | { readonly type: "signal"; readonly process: number; readonly signal: NodeJS.Signals }
  | {
      readonly type: "timer";
      readonly process: number;
      readonly ms: number | null;
      readonly why: "grace" | "reap" | "rest";
    }
  /** Every process is gone, or was killed and waited for. */
  | { readonly type: "end"; readonly exitCode: number };

/** A state and what has to be done on the way to it. */
export interface Step {
  readonly state: SupervisionState;
  readonly effects: readonly SupervisionEffect[];
}
