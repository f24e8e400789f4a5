import { execFile } from "node:child_process";
import { cp, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

import type { PlanJson } from "./plan.ts";

const run = promisify(execFile);

export type Environment = "dev" | "prod";

/** Values for the variables that have no default. */
const VARIABLES = `
account_id        = "123456789012"
certificate_arn   = "arn:aws:acm:ap-northeast-1:123456789012:certificate/00000000-0000-0000-0000-000000000000"
repository        = "acme/proff"
circleci          = { organization = "00000000-0000-0000-0000-000000000001", project = "00000000-0000-0000-0000-000000000002" }
database_password = "not-a-real-password"
secret_key_base   = "not-a-real-key"
admin_password    = "not-a-real-password"
`;

/** State in a file, and a provider that asks nobody: a plan then needs neither an account nor a network. */
const OFFLINE = `
terraform {
  backend "local" {}
}

provider "aws" {
  access_key                  = "offline"
  secret_key                  = "offline"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_region_validation      = true
  skip_requesting_account_id  = true
  allowed_account_ids         = null
}
`;

/** Empty: what a person's own configuration says about plug-ins must not count. */
const CLI_CONFIG = "offline.tfrc";

/** An answer of Terraform's. */
export interface TerraformRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A message of `terraform validate -json`. */
export interface Diagnostic {
  readonly severity: string;
  readonly summary: string;
  readonly detail: string;
  readonly range?: { readonly filename: string };
}

/** A copy of a Terraform tree that works offline. */
export class TerraformCopy {
  readonly directory: string;

  private constructor(directory: string) {
    this.directory = directory;
  }

  /** Copies the tree from `source` into the empty folder `directory` and initialises it with the providers there are. */
  static async make(source: string, directory: string, pluginDirectory: string): Promise<TerraformCopy> {
    await cp(source, directory, { recursive: true, filter: (path) => !path.includes(".terraform") });
    await writeFile(join(directory, "offline_override.tf"), OFFLINE);
    await writeFile(join(directory, "terraform.tfvars"), VARIABLES);
    await writeFile(join(directory, CLI_CONFIG), "");
    // The local backend's workspaces are these folders; made beforehand, no command has to make them.
    for (const name of ["dev", "prod"]) await mkdir(join(directory, "terraform.tfstate.d", name), { recursive: true });
    const copy = new TerraformCopy(directory);
    const init = await copy.run("dev", ["init", "-input=false", `-plugin-dir=${pluginDirectory}`]);
    if (init.exitCode !== 0) throw new Error(init.stderr);
    return copy;
  }

  /** Runs a command in a workspace; a failure is an answer, not an exception. */
  async run(workspace: string, args: readonly string[]): Promise<TerraformRun> {
    const env = {
      ...process.env,
      TF_WORKSPACE: workspace,
      TF_CLI_CONFIG_FILE: join(this.directory, CLI_CONFIG),
      TF_CLI_ARGS: "",
      TF_IN_AUTOMATION: "1",
      CHECKPOINT_DISABLE: "1",
    };
    try {
      const { stdout, stderr } = await run("terraform", [...args], { cwd: this.directory, env, maxBuffer: 64 << 20 });
      return { exitCode: 0, stdout, stderr };
    } catch (error) {
      const failed = error as { readonly code?: unknown; readonly stdout?: string; readonly stderr?: string };
      if (typeof failed.code !== "number") throw error;
      return { exitCode: failed.code, stdout: failed.stdout ?? "", stderr: failed.stderr ?? "" };
    }
  }

  async validate(workspace: string): Promise<readonly Diagnostic[]> {
    const { stdout } = await this.run(workspace, ["validate", "-json"]);
    return (JSON.parse(stdout) as { readonly diagnostics: readonly Diagnostic[] }).diagnostics;
  }

  /** Plans against the workspace's state and answers the plan's JSON. */
  async plan(workspace: Environment, ...args: readonly string[]): Promise<PlanJson> {
    const file = `${workspace}.plan`;
    const planned = await this.run(workspace, ["plan", "-input=false", "-refresh=false", `-out=${file}`, ...args]);
    if (planned.exitCode !== 0) throw new Error(planned.stderr);
    const shown = await this.run(workspace, ["show", "-json", file]);
    return JSON.parse(shown.stdout) as PlanJson;
  }
}
