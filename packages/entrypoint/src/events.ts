/** What became of one step. Times are seconds; `start` counts from the start of the process. */
export interface FinishedStep {
  readonly task: string;
  readonly subject: string;
  readonly outcome: string;
  readonly start: number;
  readonly seconds: number;
  /** How much of it was waiting for something else. */
  readonly wait: number;
  /** Of its last command, if it ran one. */
  readonly exitCode: number | null;
  /** The most memory that one process of its commands was seen with, in megabytes; not known of very short ones. */
  readonly peakMegabytes: number | null;
}

/** What a start tells while it goes on; text and JSON lines are renderings of these. */
export type EntrypointEvent =
  | { readonly type: "step-started"; readonly step: number; readonly task: string; readonly subject: string }
  | {
      readonly type: "waiting";
      readonly task: string;
      readonly subject: string;
      /** Why it is not over yet: the last error, or who holds what is waited for. */
      readonly reason: string;
      readonly seconds: number;
    }
  | { readonly type: "note"; readonly task: string; readonly message: string }
  | { readonly type: "warning"; readonly message: string; readonly hint: string }
  | {
      readonly type: "step-done";
      readonly step: number;
      readonly task: string;
      readonly subject: string;
      /** How it was settled: `ready`, `run here`, `done by another container`, … */
      readonly outcome: string;
      readonly seconds: number;
    }
  | { readonly type: "process-started"; readonly process: string; readonly pid: number }
  | {
      readonly type: "process-ended";
      readonly process: string;
      readonly exitCode: number;
      readonly seconds: number;
      /** Why it could not be started. */
      readonly reason?: string;
    }
  | { readonly type: "process-restarting"; readonly process: string; readonly seconds: number }
  /** The grace is over, or was cut short. */
  | { readonly type: "process-killed"; readonly process: string }
  | { readonly type: "stopping"; readonly reason: string }
  | { readonly type: "hand-over"; readonly command: readonly string[]; readonly pid: number; readonly via: string }
  | { readonly type: "error"; readonly code: string; readonly message: string; readonly hint: string }
  | {
      readonly type: "summary";
      readonly outcome: "handed-over" | "ended" | "failed";
      readonly release: string | null;
      readonly steps: readonly FinishedStep[];
      readonly seconds: number;
      /** The exit code of a start that ended before the app, or of several processes that have ended. */
      readonly exitCode: number | null;
    };

/** Where events go. Emitting never fails and never waits. */
export type Emit = (event: EntrypointEvent) => void;
