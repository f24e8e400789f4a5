import { execa } from "execa";

import { DeployError } from "./errors.ts";
import type { DraftReceipt } from "./release/draft.ts";

/** The verbs of asset-sync that a deployment needs. */
export interface AssetProgram {
  /** Keeps a release's assets whatever its age. */
  pin(receipt: DraftReceipt): Promise<void>;
  unpin(receipt: DraftReceipt, release: string): Promise<void>;
  /** The releases that are kept whatever their age. */
  pinned(receipt: DraftReceipt): Promise<ReadonlySet<string>>;
  /** Removes what no release needs that is pinned or among the last `keep`. */
  collect(receipt: DraftReceipt, keep: number): Promise<void>;
  /** Brings the assets back that an image was built with. */
  push(receipt: DraftReceipt, image: string): Promise<void>;
}

/** asset-sync as a program; its output is this program's. `command` is how it is called: `npx -y @slipway/asset-sync`. */
export function assetProgram(command: readonly string[]): AssetProgram {
  const [program = "", ...before] = command;
  const run = async (
    { target, region }: DraftReceipt,
    args: readonly string[],
    stdout: "inherit" | "pipe" = "inherit",
  ): Promise<string> => {
    const place = ["--to", target, ...(region === undefined ? [] : ["--region", region])];
    const ended = await execa(program, [...before, ...args, ...place], {
      reject: false,
      stdin: "inherit",
      stdout,
      stderr: "inherit",
    });
    const { exitCode, failed } = ended;
    if (failed)
      throw new DeployError(
        "DEPLOY_ASSETS_FAILED",
        `asset-sync ${args.join(" ")} ended with ${exitCode ?? "no exit code"}.`,
      );
    return ended.stdout ?? "";
  };
  const tell = async (receipt: DraftReceipt, args: readonly string[]): Promise<void> => {
    await run(receipt, args);
  };
  return {
    pin: (receipt) => tell(receipt, ["pin", receipt.release]),
    unpin: (receipt, release) => tell(receipt, ["unpin", release]),
    pinned: async (receipt) => pinnedIn(await run(receipt, ["releases", "--json"], "pipe")),
    collect: (receipt, keep) => tell(receipt, ["collect", "--keep", String(keep)]),
    push: (receipt, image) => tell(receipt, ["push", "--from-image", image, "--release", receipt.release]),
  };
}

function pinnedIn(lines: string): ReadonlySet<string> {
  const rows = lines
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as { readonly type: string; readonly id: string; readonly pinned: boolean });
  return new Set(rows.filter(({ type, pinned }) => type === "release" && pinned).map(({ id }) => id));
}
