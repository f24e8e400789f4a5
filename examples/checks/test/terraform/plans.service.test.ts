import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { parseTarget, rolePolicy } from "@slipway/asset-sync";
import { lookUpServices, serviceVariable, tempTree, type TempTree } from "@slipway/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { ENVIRONMENTS } from "../../../deploy/src/environments.ts";
import { pipelineNames, terraformNames } from "../../src/pipeline/names.ts";
import { appliedState, revision } from "../../src/terraform/applied-state.ts";
import { environmentDifferences } from "../../src/terraform/environments.ts";
import { missingPermissions } from "../../src/terraform/permissions.ts";
import { appOutput, type PlanJson } from "../../src/terraform/plan.ts";
import { POLICIES } from "../../src/terraform/policies.ts";
import { checkPlan } from "../../src/terraform/policy.ts";
import { TerraformCopy } from "../../src/terraform/workspace.ts";
import { PLAN_MUTATIONS } from "./plan-mutations.ts";
import { SOURCE_MUTATIONS } from "./source-mutations.ts";

const TERRAFORM = join(import.meta.dirname, "../../../terraform");
const terraform = lookUpServices("terraform");

describe.skipIf(!terraform.available)("examples/terraform, with the real provider", () => {
  let tree: TempTree;
  let copy: TerraformCopy;
  let plans: { readonly dev: PlanJson; readonly prod: PlanJson };

  beforeAll(async () => {
    tree = await tempTree();
    copy = await makeCopy("plan");
    plans = { dev: await copy.plan("dev"), prod: await copy.plan("prod") };
  });

  afterAll(() => tree?.[Symbol.asyncDispose]());

  async function makeCopy(name: string): Promise<TerraformCopy> {
    const directory = join(tree.path, name);
    await mkdir(directory);
    return TerraformCopy.make(TERRAFORM, directory, serviceVariable("TEST_TERRAFORM_PLUGIN_DIR"));
  }

  it("is formatted", async () => {
    const { stdout, exitCode } = await copy.run("dev", ["fmt", "-check", "-recursive", TERRAFORM]);
    expect({ stdout, exitCode }).toEqual({ stdout: "", exitCode: 0 });
  });

  it("is valid in dev and prod", async () => {
    expect(await copy.validate("dev")).toEqual([]);
    expect(await copy.validate("prod")).toEqual([]);
  });

  it.each(["default", "staging"])("is refused in the workspace %s", async (workspace) => {
    const found = await copy.validate(workspace);
    expect(found.map(({ summary }) => summary)).toEqual(["Invalid value for variable"]);
    expect(found[0]?.detail).toContain(`The workspace is ${workspace}: expected dev or prod.`);
  });

  it.each([
    { workspace: "dev", says: "Success! 14 passed, 0 failed." },
    { workspace: "prod", says: "Success! 14 passed, 0 failed." },
    { workspace: "default", says: "Failure! 3 passed, 3 failed, 8 skipped." },
  ])("answers its own tests in $workspace with: $says", async ({ workspace, says }) => {
    const { stdout } = await copy.run(workspace, ["test", "-no-color"]);
    expect(stdout).toContain(says);
  });

  it.each(["dev", "prod"] as const)("keeps every policy in %s", (environment) => {
    expect(checkPlan(plans[environment], POLICIES)).toEqual([]);
  });

  it.each(PLAN_MUTATIONS)("finds: $mistake ($policy)", ({ policy, mutate }) => {
    const plan = structuredClone(plans.prod);
    mutate(plan);
    expect(new Set(checkPlan(plan, POLICIES).map((finding) => finding.policy))).toContain(policy);
  });

  it("has a mistake for every policy", () => {
    const tried = new Set(PLAN_MUTATIONS.map(({ policy }) => policy));
    expect(POLICIES.map(({ id }) => id).filter((id) => !tried.has(id))).toEqual([]);
  });

  it("differs between dev and prod by the size table only", () => {
    expect(environmentDifferences(plans.dev, plans.prod)).toEqual([
      "aws_appautoscaling_target.max_capacity",
      "aws_appautoscaling_target.min_capacity",
      "aws_cloudwatch_log_group.retention_in_days",
      "aws_db_instance.allocated_storage",
      "aws_db_instance.backup_retention_period",
      "aws_db_instance.deletion_protection",
      "aws_db_instance.final_snapshot_identifier",
      "aws_db_instance.instance_class",
      "aws_db_instance.max_allocated_storage",
      "aws_db_instance.multi_az",
      "aws_db_instance.skip_final_snapshot",
      "aws_ecs_cluster.setting",
      "aws_ecs_service.network_configuration",
      "aws_ecs_task_definition.cpu",
      "aws_ecs_task_definition.memory",
      "aws_eip",
      "aws_iam_openid_connect_provider",
      "aws_iam_role.assume_role_policy",
      "aws_lb.enable_deletion_protection",
      "aws_nat_gateway",
      "aws_route",
      "aws_scheduler_schedule.target",
      "aws_subnet.cidr_block",
      "aws_vpc.cidr_block",
    ]);
  });

  it.each(["dev", "prod"] as const)("has the names that both pipelines use in %s", async (environment) => {
    const expected = terraformNames(plans[environment]);
    for (const file of ["circleci/config.yml", "github-actions/deploy.yml"]) {
      const pipeline = await readFile(join(TERRAFORM, "..", file), "utf8");
      expect(pipelineNames(pipeline, environment)).toEqual(expected);
      expect(pipelineNames(pipeline.replace("-assets", "-files"), environment)).not.toEqual(expected);
      expect(pipelineNames(pipeline.replace("-ci-", "-cd-"), environment)).not.toEqual(expected);
    }
  });

  it.each(["dev", "prod"] as const)("names what the deploy program deploys in %s", (environment) => {
    const { services: names, migrate, cluster, releases_parameter: parameter } = appOutput(plans[environment]);
    const { services, ...known } = ENVIRONMENTS[environment];
    expect({ cluster, parameter, migrate }).toEqual({
      cluster: known.cluster,
      parameter: known.parameter,
      migrate: known.migrate,
    });
    const ours = services.map(({ name, family, container, image }) => [
      name,
      { service: name, family, container, repository: `proff-${environment}-${image}` },
    ]);
    expect(names).toEqual(Object.fromEntries(ours));
  });

  it.each([
    { role: "build", policy: "ci-build/assets-write" },
    { role: "build", policy: "ci-deploy/assets-collect" },
    { role: "collect", policy: "ci-deploy/assets-collect" },
    { role: "verify", policy: "task-web/assets-read" },
    { role: "verify", policy: "task-worker/assets-read" },
  ] as const)("lets asset-sync $role with $policy", ({ role, policy }) => {
    const target = parseTarget("s3://proff-prod-assets");
    if (target.kind !== "s3") throw new Error("not a bucket");
    const needed = rolePolicy(role, target, {}).Statement;
    expect(missingPermissions(plans.prod, policy, needed)).toEqual([]);
    expect(missingPermissions(plans.prod, "task-worker/sitemap-write", needed)).not.toEqual([]);
  });

  it("leaves what a pipeline deployed alone, and makes one revision of a changed shape", async () => {
    const deployed = Object.fromEntries(
      ["web", "worker", "pdf"].map((name) => [name, revision(`proff-prod-${name}`, 57)]),
    );
    await writeFile(
      join(copy.directory, "terraform.tfstate.d/prod/terraform.tfstate"),
      appliedState(plans.prod, deployed),
    );

    const unchanged = await copy.plan("prod");
    expect(actions(unchanged, "aws_ecs_task_definition")).toEqual({ pdf: "no-op", web: "no-op", worker: "no-op" });
    expect(running(unchanged)).toEqual(deployed);

    const size = { web: { cpu: 2048, memory: 4096, min: 2, max: 10 } };
    const larger = await copy.plan("prod", `-var=settings=${JSON.stringify({ size })}`);
    expect(actions(larger, "aws_ecs_task_definition")).toEqual({ pdf: "no-op", web: "delete,create", worker: "no-op" });
    expect(running(larger)).toEqual(deployed);
  });

  it("is refused when a secret could reach the state", async () => {
    const leaking = await makeCopy("leaking");
    await replace(
      leaking,
      "modules/parameter_store.tf",
      "value_wo         = var.secret_key_base",
      "value = var.secret_key_base",
    );
    await replace(
      leaking,
      "modules/rds.tf",
      "password_wo         = var.database_password",
      "password = var.database_password",
    );
    const found = await leaking.validate("dev");
    const places = found
      .filter(({ summary }) => summary === "Invalid use of ephemeral value")
      .map(({ range }) => range?.filename);
    expect(new Set(places)).toEqual(new Set(["modules/parameter_store.tf", "modules/rds.tf"]));
  });

  it.each([1, 2, 3])("is invalid with a mistake in any file, wave %i", async (wave) => {
    const broken = await makeCopy(`broken-${wave}`);
    const mutations = SOURCE_MUTATIONS.filter((mutation) => mutation.wave === wave);
    for (const { file, from, to } of mutations) await replace(broken, file, from, to);
    const places = new Set((await broken.validate("dev")).map(({ range }) => range?.filename));
    expect(mutations.map(({ file }) => file).filter((file) => !places.has(file))).toEqual([]);
  });
});

async function replace(copy: TerraformCopy, file: string, from: string, to: string): Promise<void> {
  const path = join(copy.directory, file);
  const text = await readFile(path, "utf8");
  if (!text.includes(from)) throw new Error(`${file} does not hold ${from}`);
  await writeFile(path, text.replace(from, to));
}

function actions(plan: PlanJson, type: string): Readonly<Record<string, string>> {
  const changes = plan.resource_changes.filter((change) => change.type === type);
  return Object.fromEntries(changes.map(({ index, change }) => [String(index), change.actions.join()]));
}

function running(plan: PlanJson): Readonly<Record<string, unknown>> {
  const changes = plan.resource_changes.filter(({ type }) => type === "aws_ecs_service");
  return Object.fromEntries(changes.map(({ index, change }) => [String(index), change.after?.["task_definition"]]));
}
