import type { BuildOptions } from "./build-options.ts";
import { DOCKERFILE_PATH } from "./pack.ts";
import type { BuildPlan } from "./plan.ts";

/** The label that says what an image was built from. */
export const INPUT_LABEL = "slipway.input";

/** The arguments of `docker` that build a plan from a tar of its context on standard input. */
export function dockerBuildArguments(plan: BuildPlan, options: BuildOptions): readonly string[] {
  return [
    "buildx",
    "build",
    "--file",
    DOCKERFILE_PATH,
    "--load",
    ...options.tags.flatMap((tag) => ["--tag", tag]),
    ...Object.entries(options.buildArgs).flatMap(([name, value]) => ["--build-arg", `${name}=${value}`]),
    ...options.secrets.flatMap((secret) => [
      "--secret",
      "env" in secret ? `id=${secret.id},env=${secret.env}` : `id=${secret.id},src=${secret.src}`,
    ]),
    ...plan.ssh.flatMap((id) => ["--ssh", id]),
    ...(options.network === undefined ? [] : ["--network", options.network]),
    ...(options.noCache ? ["--no-cache"] : []),
    "--label",
    `${INPUT_LABEL}=${plan.inputHash}`,
    "-",
  ];
}

/** Whether a build needs buildx: the engine's own interface takes no secrets and no SSH agent. */
export function needsBuildx(plan: BuildPlan): boolean {
  return plan.ssh.length > 0 || plan.secrets.length > 0;
}
