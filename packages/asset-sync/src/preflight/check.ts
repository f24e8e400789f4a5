import type { ObjectOptions } from "../config/object-options.ts";
import type { S3Target } from "../config/target.ts";
import type { S3Connection } from "../store/s3-connection.ts";
import type { Store } from "../store/store.ts";

/** What came of one look; a remedy where something is to be done. */
export interface CheckResult {
  readonly state: "ok" | "warning" | "failure";
  /** What was found, as a sentence without a full stop. */
  readonly found: string;
  readonly remedy?: string;
}

/** What checks look at. */
export interface CheckWorld {
  readonly target: S3Target;
  readonly store: Store;
  readonly connection: S3Connection;
  readonly objects: ObjectOptions;
  readonly signal: AbortSignal | undefined;
}

/** One row of the preflight. */
export interface Check {
  readonly name: string;
  readonly look: (world: CheckWorld) => Promise<CheckResult>;
}

export function ok(found: string): CheckResult {
  return { state: "ok", found };
}

export function warning(found: string, remedy: string): CheckResult {
  return { state: "warning", found, remedy };
}

export function failure(found: string, remedy: string): CheckResult {
  return { state: "failure", found, remedy };
}
