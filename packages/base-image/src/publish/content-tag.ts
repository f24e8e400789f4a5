import { createHash } from "node:crypto";

import type { BuildPlan } from "../engine/plan.ts";

/** What is chosen for a publication and changes its bytes. */
export interface ImageChoices {
  /** `linux/amd64`; at least one. */
  readonly platforms: readonly string[];
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly compression: "gzip" | "zstd";
}

/**
 * The tag that stands for all that an image is made from: the input hash (the Dockerfile with the digests of the lock, the
 * files of the context), the platforms, the build arguments and the packing. Neither a time nor a path nor a commit is in it.
 */
export function contentTag({ inputHash }: Pick<BuildPlan, "inputHash">, choices: ImageChoices): string {
  const { platforms, buildArgs, compression } = choices;
  const args = Object.entries(buildArgs).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const facts = ["slipway-content/1", inputHash, compression, platforms.toSorted(), args];
  return `input-${createHash("sha256").update(JSON.stringify(facts)).digest("hex")}`;
}
