import { EntrypointError, printable } from "../errors.ts";
import { openDeadline } from "../process/patience.ts";
import { deadlineError, failedError, runToEnd } from "./command-task.ts";
import type { TaskContext } from "./context.ts";

/** Has `asset-sync verify` hold the asset store against the image's receipt. */
export interface VerifyAssetsTask {
  readonly task: "verify-assets";
  readonly receipt: string;
  readonly deadlineMs: number;
}

/** `asset-sync verify` ends with this when the store does not hold what the receipt names. */
const DOES_NOT_HOLD = 1;

/**
 * @throws EntrypointError `ENTRYPOINT_ASSETS_INCOMPLETE`, `ENTRYPOINT_TASK_FAILED` when it could not be found out,
 * `ENTRYPOINT_TASK_DEADLINE`; the desk's error when stopped
 */
export async function verifyAssets(task: VerifyAssetsTask, context: TaskContext): Promise<string> {
  using deadline = openDeadline(task.deadlineMs, context.desk.stopped);
  const argv = ["asset-sync", "verify", "--receipt", task.receipt, "--json"];
  const result = await runToEnd({ argv, env: context.env, stop: deadline.signal, collect: true }, context);
  if (deadline.expired()) throw deadlineError(argv.join(" "), task.deadlineMs);
  if (result.exitCode === 0) return "complete";
  if (result.exitCode !== DOES_NOT_HOLD) throw failedError(argv.join(" "), result);
  const last = printable(result.output).trim().split("\n").slice(-3).join("; ");
  throw new EntrypointError("ENTRYPOINT_ASSETS_INCOMPLETE", {
    message: `the asset store does not hold what ${task.receipt} names${last === "" ? "" : `: ${last}`}`,
  });
}
