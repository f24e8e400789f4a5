import { Option, type Command } from "commander";

import { objectOptions } from "../config/object-options.ts";
import { cloudFrontOption, resolveTarget, type Flags } from "../config/options.ts";
import type { S3Target, Target } from "../config/target.ts";
import { AssetSyncError } from "../errors.ts";
import { preflight } from "../preflight/preflight.ts";
import { rolePolicy, ROLES, type Role } from "../preflight/role-policy.ts";
import {
  verb,
  withCloudFront,
  withConfig,
  withObjects,
  withOutput,
  withTarget,
  type ConfigFlag,
  type OutputFlags,
} from "./flags.ts";
import { readConfig } from "./read-config.ts";
import { printer, type Terminal } from "./terminal.ts";

interface PolicyFlag {
  readonly policy?: Role;
}

/** `asset-sync preflight`: what this endpoint and these credentials can do. Exit code 1 where a sync would fail. */
export function preflightVerb(terminal: Terminal, signal: AbortSignal, answer: (code: number) => void): Command {
  const command = verb(
    "preflight",
    "Finds out what an endpoint and these credentials can do; writes one small object.",
    "asset-sync preflight --to s3://shop-assets",
  );
  withOutput(withCloudFront(withObjects(withConfig(withTarget(command))))).addOption(
    new Option("--policy <role>", "print the least IAM policy of a role and look at nothing").choices(ROLES),
  );
  return command.action(async (flags: Flags & PolicyFlag & ConfigFlag & OutputFlags) => {
    const file = await readConfig(flags, terminal, signal);
    const target = ofS3(resolveTarget({ ...flags, file }, terminal.environment));
    const objects = objectOptions(flags, file ?? {}, target);
    const used = { ...objects, ...cloudFrontOption({ ...flags, file }, terminal.environment, target) };
    if (flags.policy !== undefined) {
      terminal.stdout.write(`${JSON.stringify(rolePolicy(flags.policy, target, used), undefined, 2)}\n`);
      return;
    }
    const out = printer(terminal, flags);
    const lines = await preflight(target, objects, { signal });
    for (const line of lines) {
      out.json({ type: "check", ...line });
      out.line(`${line.state.padEnd(8)} ${line.name.padEnd(11)} ${line.found}`);
      if (line.remedy !== undefined) out.line(`${" ".repeat(21)}${line.remedy}`);
    }
    const failed = lines.some(({ state }) => state === "failure");
    const warnings = lines.filter(({ state }) => state === "warning").length;
    out.json({ type: "summary", target: target.url, checks: lines.length, warnings, failed, exitCode: failed ? 1 : 0 });
    answer(failed ? 1 : 0);
  });
}

/** @throws AssetSyncError ASSET_SYNC_TARGET_INVALID */
function ofS3(target: Target): S3Target {
  if (target.kind === "s3") return target;
  throw new AssetSyncError("ASSET_SYNC_TARGET_INVALID", `${target.url} is a folder: a preflight looks at S3 only.`, {
    hint: "Give --to s3://BUCKET[/PREFIX].",
  });
}
