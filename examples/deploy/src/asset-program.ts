import { execa } from "execa";

import { DeployError } from "./errors.ts";
import type { DraftReceipt } from "./release/draft.ts";

/** The verbs of asset-sync that a deployment needs. */
export interface AssetProgram {
  /** Keeps a release's assets whatever its age. */
  pin(receipt: DraftReceipt): Promise<void>;
  unpin(receipt: DraftReceipt, release: string): Promise<void>;
  /** Removes what no release needs that is pinned or among the last `keep`. */
  collect(receipt: DraftReceipt, keep: number): Promise<void>;
  /** Brings the assets back that an image was built with. */
  push(receipt: DraftReceipt, image: string): Promise<void>;
}

/** asset-sync as a program; its output is this program's. `command` is how it is called: `npx -y @slipway/asset-sync`. */
export function assetProgram(command: readonly string[]): AssetProgram {
  const [program = "", ...before] = command;
  const run = async ({ target, region }: DraftReceipt, args: readonly string[]): Promise<void> => {
    const place = ["--to", target, ...(region === undefined ? [] : ["--region", region])];
    const { exitCode, failed } = await execa(program, [...before, ...args, ...place], {
      reject: false,
      stdio: "inherit",
    });
    if (failed)
      throw new DeployError(
        "DEPLOY_ASSETS_FAILED",
        `asset-sync ${args.join(" ")} ended with ${exitCode ?? "no exit code"}.`,
      );
  };
  return {
    pin: (receipt) => run(receipt, ["pin", receipt.release]),
    unpin: (receipt, release) => run(receipt, ["unpin", release]),
    collect: (receipt, keep) => run(receipt, ["collect", "--keep", String(keep)]),
    push: (receipt, image) => run(receipt, ["push", "--from-image", image, "--release", receipt.release]),
  };
}
