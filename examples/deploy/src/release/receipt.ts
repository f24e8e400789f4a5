import { createHash } from "node:crypto";

import { DeployError } from "../errors.ts";
import type { Draft, DraftReceipt } from "./draft.ts";

/**
 * Reads what a deployment keeps of an asset receipt, and makes sure that it is of the same release.
 *
 * @throws DeployError DEPLOY_DRAFT_INVALID
 */
export function draftReceipt(bytes: Buffer, file: string, draft: Draft): DraftReceipt {
  const { format, release, target, region } = parse(bytes, file);
  if (format !== "slipway-receipt/1" || typeof release !== "string" || typeof target !== "string") {
    throw new DeployError("DEPLOY_DRAFT_INVALID", `Receipt ${file} is not one that asset-sync writes.`);
  }
  if (release !== draft.release) {
    throw new DeployError(
      "DEPLOY_DRAFT_INVALID",
      `Receipt ${file} is of ${release}, expected ${draft.release}: the image is of another build.`,
    );
  }
  const digest = createHash("sha256").update(bytes).digest("hex");
  return { release, target, ...(typeof region === "string" ? { region } : {}), digest };
}

function parse(bytes: Buffer, file: string): Readonly<Record<string, unknown>> {
  try {
    return (JSON.parse(bytes.toString("utf8")) ?? {}) as Readonly<Record<string, unknown>>;
  } catch (cause) {
    throw new DeployError("DEPLOY_DRAFT_INVALID", `Receipt ${file} cannot be read.`, cause);
  }
}
