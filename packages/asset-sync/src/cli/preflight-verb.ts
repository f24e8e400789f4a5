import { Option, type Command } from "commander";

import { awsSetting, readAwsFiles } from "../config/aws-files.ts";
import { ecsService, type EcsService } from "../collect/ecs-tasks.ts";
import type { Environment } from "../config/environment.ts";
import { objectOptions } from "../config/object-options.ts";
import { cloudFrontOption, resolveTarget, type Flags } from "../config/options.ts";
import type { S3Target, Target } from "../config/target.ts";
import { AssetSyncError } from "../errors.ts";
import { preflight } from "../preflight/preflight.ts";
import { rolePolicy, ROLES, type Role } from "../preflight/role-policy.ts";
import {
  repeated,
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
  readonly runningFrom?: readonly string[];
}

/** `asset-sync preflight`: what this endpoint and these credentials can do. Exit code 1 where a sync would fail. */
export function preflightVerb(terminal: Terminal, signal: AbortSignal, answer: (code: number) => void): Command {
  const command = verb(
    "preflight",
    "Finds out what an endpoint and these credentials can do; writes one small object.",
    "asset-sync preflight --to s3://shop-assets",
  );
  withOutput(withCloudFront(withObjects(withConfig(withTarget(command)))))
    .addOption(new Option("--policy <role>", "print the least IAM policy of a role and look at nothing").choices(ROLES))
    .option("--running-from <source>", "with --policy collect: what `collect` is to ask; may be repeated", repeated);
  return command.action(async (flags: Flags & PolicyFlag & ConfigFlag & OutputFlags) => {
    const file = await readConfig(flags, terminal, signal);
    const target = ofS3(resolveTarget({ ...flags, file }, terminal.environment, terminal.directory));
    const objects = objectOptions(flags, file, target);
    const used = { ...objects, ...cloudFrontOption({ ...flags, file }, terminal.environment, target) };
    if (flags.policy !== undefined) {
      const services = askedServices(flags.runningFrom ?? []);
      const policy = rolePolicy(flags.policy, inRegion(target, terminal.environment), { ...used, services });
      terminal.stdout.write(`${JSON.stringify(policy, undefined, 2)}\n`);
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

/** Lists need no right at AWS. */
function askedServices(sources: readonly string[]): readonly EcsService[] {
  return sources.filter((words) => words.startsWith("ecs:")).map((words) => ecsService(words));
}

/** In the region that a sync would take, if any is known: it tells the partition. */
function inRegion(target: S3Target, environment: Environment): S3Target {
  const region = target.region ?? awsSetting(readAwsFiles(environment), "region");
  return region === undefined || target.endpoint !== undefined ? target : { ...target, region };
}

/** @throws AssetSyncError ASSET_SYNC_TARGET_INVALID */
function ofS3(target: Target): S3Target {
  if (target.kind === "s3") return target;
  throw new AssetSyncError("ASSET_SYNC_TARGET_INVALID", `${target.url} is a folder: a preflight looks at S3 only.`, {
    hint: "Give --to s3://BUCKET[/PREFIX].",
  });
}
