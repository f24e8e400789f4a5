import type { ObjectOptions } from "../config/object-options.ts";
import type { S3Target } from "../config/target.ts";
import { AssetSyncError } from "../errors.ts";
import { requestCounter } from "../store/request-counter.ts";
import { connect } from "../store/s3-connection.ts";
import { s3Failure } from "../store/s3-failure.ts";
import { s3Store } from "../store/s3-store.ts";
import { orInterruption } from "../sync/interruption.ts";
import { failure, type CheckResult, type CheckWorld } from "./check.ts";
import { CHECKS } from "./checks.ts";

/** What one check found. */
export type PreflightLine = CheckResult & { readonly name: string };

/**
 * Finds out what an endpoint and the credentials at hand can do for a sync. Writes below the reserved folder only. A check
 * that fails ends it: what comes after needs what it looks at.
 */
export async function preflight(
  target: S3Target,
  objects: ObjectOptions,
  control: { readonly signal?: AbortSignal } = {},
): Promise<readonly PreflightLine[]> {
  const counter = requestCounter();
  const { encryption } = objects;
  const store = s3Store(target, counter, encryption === undefined ? {} : { encryption });
  const connection = connect(target, counter);
  const world: CheckWorld = { target, store, connection, objects, signal: control.signal };
  const lines: PreflightLine[] = [];
  try {
    for (const { name, look } of CHECKS) {
      const result = await look(world).catch((error: unknown) => refusal(error, world));
      lines.push({ name, ...result });
      if (result.state === "failure") break;
    }
    return lines;
  } catch (error) {
    throw orInterruption(error, control.signal, "The preflight");
  } finally {
    store.close();
    connection.close();
  }
}

/** What a user can act on is what a check found; all else is thrown. */
function refusal(error: unknown, { target, connection, signal }: CheckWorld): CheckResult {
  if (signal?.aborted === true) throw error;
  const parties = { target, accessKeyId: connection.accessKeyId() };
  const told = error instanceof AssetSyncError ? error : s3Failure(error, "Looking at", target.url, parties);
  if (!(told instanceof AssetSyncError)) throw told;
  return failure(told.message.replace(/\.$/, ""), told.hint);
}
