import { BaseImageError } from "../errors.ts";
import { asksForJson, failureLines, failureText } from "./failure.ts";
import type { Streams } from "./output.ts";

/** The node versions base-image runs on, as `engines` in package.json has them. */
export const NODE_RANGE = "^22.18 || ^24.11 || >=26";

/** What to tell people whose node is none of {@link NODE_RANGE}; nothing for one that is. */
export function unsupportedNode(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major >= 26 || (major === 24 && minor >= 11) || (major === 22 && minor >= 18)) return undefined;
  return `needs Node 22.18 or later (${NODE_RANGE}); this is Node ${version}`;
}

/** Refuses a node that could not load the rest of the program, and gives the exit code; nothing when it can. */
export function refuseNode(version: string, args: readonly string[], streams: Streams): number | undefined {
  const message = unsupportedNode(version);
  if (message === undefined) return undefined;
  const error = new BaseImageError("BASE_IMAGE_NODE_UNSUPPORTED", message);
  streams.stderr.write(failureText(error));
  if (asksForJson(args)) streams.stdout.write(failureLines(error));
  return error.exitCode;
}
