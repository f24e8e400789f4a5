/** When and how often a process that has ended is started again. */
export interface RestartRule {
  /** `failure`: when its exit code is not 0. */
  readonly when: "failure" | "always";
  /** Restarts in a row before its end counts. A process that ran for longer than `longestMs` begins a new row. */
  readonly most: number;
  /** The pause before the first restart in milliseconds, doubled for each further one up to `longestMs`. */
  readonly backOffMs: number;
  readonly longestMs: number;
}

/** One of several programs that run side by side. */
export interface SupervisedProcess {
  /** Unique among its siblings. */
  readonly name: string;
  readonly argv: readonly string[];
  /** What asks it to end; default `SIGTERM`. */
  readonly stopSignal?: NodeJS.Signals;
  /** Without a rule its end counts at once. */
  readonly restart?: RestartRule;
}

/**
 * Which end ends them all: that of `any`, of `all` (nobody is stopped before), or of the process named. It is also who gives
 * the exit code: the first one that ended, the first one that failed, or the one named.
 */
export type EndPolicy = "any" | "all" | { readonly named: string };

/** Everything the state machine decides by. Serialises. */
export interface SupervisionPlan {
  readonly processes: readonly SupervisedProcess[];
  readonly endWhen: EndPolicy;
  /** How long a process may take to end after its stop signal, in milliseconds, before it is killed. */
  readonly graceMs: number;
}

/** How long a killed process is waited for. Only one that hangs in the kernel takes longer. */
export const REAP_MS = 1_000;

/** The pause before restart number `restarts` + 1, in milliseconds. */
export function restartPause(rule: RestartRule, restarts: number): number {
  return Math.min(rule.longestMs, rule.backOffMs * 2 ** Math.min(restarts, 30));
}
