import type { ErrorCode } from "../errors.ts";

/** The Node lines that asset-sync runs on: the `engines` of its package, as the first minor version of each. */
const FIRST_MINOR: Readonly<Record<number, number>> = { 22: 18, 24: 11 };

/** From this line on every one is supported. */
const FIRST_OPEN_LINE = 26;

/** A refusal as other failures are reported, though nothing of them is loaded. */
export interface NodeRefusal {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
  readonly exitCode: number;
}

/**
 * Why the program cannot run under a version of Node; undefined where it can. Imports nothing and has only syntax that
 * old versions parse, since they are the ones to be told.
 *
 * @param version as `process.versions.node` has it, `22.18.0`
 */
export function refuseNode(version: string): NodeRefusal | undefined {
  const [major = 0, minor = 0] = version.split(".").map((part) => Number.parseInt(part, 10));
  const firstMinor = FIRST_MINOR[major];
  if (major >= FIRST_OPEN_LINE || (firstMinor !== undefined && minor >= firstMinor)) return undefined;
  return {
    code: "ASSET_SYNC_NODE_UNSUPPORTED",
    message: `asset-sync needs Node 22.18 or later (of 24: 24.11 or later; 23 and 25 are left out); this is Node ${version}.`,
    hint: "Run it with a version of Node that the message names.",
    exitCode: 2,
  };
}
