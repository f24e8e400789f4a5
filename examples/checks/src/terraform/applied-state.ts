import { resources, text, type Json, type PlanJson, type PlannedResource, type Values } from "./plan.ts";

/** What a definition or service depends on: with these in the state, a plan knows all that could replace one. */
const TYPES: ReadonlySet<string> = new Set([
  "aws_ecs_cluster",
  "aws_ecs_service",
  "aws_ecs_task_definition",
  "aws_iam_role",
]);

const ACCOUNT = "123456789012";

/**
 * The state that Terraform would hold of the services after applying `plan`, with `running` as what each service runs: the
 * result of a pipeline's deployment that Terraform knows nothing of. Written as a state file, it lets the real provider plan
 * the next change without an account.
 *
 * @see https://developer.hashicorp.com/terraform/internals/json-format
 */
export function appliedState(plan: PlanJson, running: Readonly<Record<string, string>>): string {
  const instances = resources(plan).filter(({ type }) => TYPES.has(type));
  const groups = Map.groupBy(instances, ({ type, name }) => `${type}.${name}`);
  return JSON.stringify({
    version: 4,
    terraform_version: "1.11.0",
    serial: 1,
    lineage: "00000000-0000-0000-0000-000000000000",
    outputs: {},
    resources: [...groups.values()].map((group) => stateOf(group, running)),
  });
}

function stateOf(group: readonly PlannedResource[], running: Readonly<Record<string, string>>): unknown {
  const [{ type, name } = { type: "", name: "" }] = group;
  return {
    module: "module.app",
    mode: "managed",
    type,
    name,
    provider: 'provider["registry.terraform.io/hashicorp/aws"]',
    instances: group.map((resource) => ({
      ...(resource.index === undefined ? {} : { index_key: resource.index }),
      schema_version: type === "aws_ecs_task_definition" ? 1 : 0,
      attributes: { ...resource.values, ...appliedValues(resource, running) },
    })),
  };
}

/** The attributes that AWS fills in. */
function appliedValues({ type, index, values }: PlannedResource, running: Readonly<Record<string, string>>): Values {
  const name = text(values["name"] ?? values["family"]);
  const ecs = `arn:aws:ecs:ap-northeast-1:${ACCOUNT}`;
  const rows: Readonly<Record<string, () => Readonly<Record<string, Json>>>> = {
    aws_iam_role: () => ({ id: name, arn: `arn:aws:iam::${ACCOUNT}:role/${name}`, unique_id: name }),
    aws_ecs_cluster: () => ({ id: `${ecs}:cluster/${name}`, arn: `${ecs}:cluster/${name}` }),
    aws_ecs_task_definition: () => ({
      id: name,
      arn: revision(name, 1),
      arn_without_revision: `${ecs}:task-definition/${name}`,
      revision: 1,
      ...rolesOf(name),
    }),
    aws_ecs_service: () => ({
      id: `${ecs}:service/${name}`,
      cluster: `${ecs}:cluster/${clusterOf(values)}`,
      task_definition: running[String(index)] ?? "",
      desired_count: 4,
    }),
  };
  return rows[type]?.() ?? {};
}

export function revision(family: string, number: number): string {
  return `arn:aws:ecs:ap-northeast-1:${ACCOUNT}:task-definition/${family}:${number}`;
}

function rolesOf(family: string): Readonly<Record<string, Json>> {
  const service = family.split("-").at(-1) ?? "";
  const prefix = family.slice(0, -service.length - 1);
  return {
    execution_role_arn: `arn:aws:iam::${ACCOUNT}:role/${prefix}-execution-${service}`,
    task_role_arn: `arn:aws:iam::${ACCOUNT}:role/${prefix}-task-${service}`,
  };
}

function clusterOf(values: Values): string {
  const tags = values["tags_all"] as Values | undefined;
  return `${text(tags?.["application"])}-${text(tags?.["environment"])}`;
}
