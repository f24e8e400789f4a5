import { EntrypointError, stackOf } from "../errors.ts";
import type { Emit, FinishedStep } from "../events.ts";
import { EXIT_CODES } from "../process/exit-codes.ts";
import type { StartPlan } from "./plan.ts";

interface Ending {
  readonly outcome?: "ended";
  readonly plan?: StartPlan;
  readonly done: readonly FinishedStep[];
  readonly exitCode: number | null;
}

/**
 * Emits what went wrong, with the stack when it is a bug.
 * @returns the exit code for it
 */
export function emitError(error: unknown, emit: Emit): number {
  if (error instanceof EntrypointError) {
    emit({ type: "error", code: error.code, message: error.message, hint: error.hint });
    return error.exitCode;
  }
  emit({
    type: "error",
    code: "BUG",
    message: stackOf(error),
    hint: "This is a bug in the entrypoint: please report it.",
  });
  return EXIT_CODES.ownFailure;
}

/** The last event of a start. Without a plan the start failed before there was one. */
export function emitSummary(emit: Emit, { plan, done, exitCode, outcome }: Ending): void {
  emit({
    type: "summary",
    outcome: outcome ?? (exitCode === null ? "handed-over" : "failed"),
    release: plan?.release?.id ?? null,
    steps: done,
    seconds: process.uptime(),
    exitCode,
  });
}
