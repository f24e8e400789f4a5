import type { PlanJson } from "../../src/terraform/plan.ts";

/** Anything of a plan's JSON that a mutation reaches into. */
// oxlint-disable-next-line typescript/no-explicit-any
type Loose = any;

/** A mistake in a plan, and the policy that is there to find it. */
export interface PlanMutation {
  readonly mistake: string;
  readonly policy: string;
  readonly mutate: (plan: PlanJson) => void;
}

export function each(
  plan: PlanJson,
  type: string,
  change: (values: Loose, resource: Loose) => void,
  name?: string,
): void {
  const modules = [
    (plan as Loose).planned_values.root_module,
    ...(plan as Loose).planned_values.root_module.child_modules,
  ];
  for (const module of modules)
    for (const resource of module.resources ?? [])
      if (resource.type === type && (name === undefined || resource.index === name || resource.name === name))
        change(resource.values, resource);
}

export function remove(plan: PlanJson, type: string, name?: string): void {
  const module = (plan as Loose).planned_values.root_module.child_modules[0];
  module.resources = module.resources.filter(
    (one: Loose) => one.type !== type || (name !== undefined && one.index !== name && one.name !== name),
  );
}

export function add(plan: PlanJson, type: string, name: string, values: Loose): void {
  const { resources } = (plan as Loose).planned_values.root_module.child_modules[0];
  resources.push({ address: `module.app.${type}.${name}`, type, name, values });
}

export function container(change: (container: Loose) => void, service = "web"): (plan: PlanJson) => void {
  return (plan) =>
    each(
      plan,
      "aws_ecs_task_definition",
      (values) => {
        const [first, ...rest] = JSON.parse(values.container_definitions);
        change(first);
        values.container_definitions = JSON.stringify([first, ...rest]);
      },
      service,
    );
}

export function policy(name: string, change: (statements: Loose[]) => void): (plan: PlanJson) => void {
  return (plan) =>
    each(
      plan,
      "aws_iam_role_policy",
      (values) => {
        const document = JSON.parse(values.policy);
        change(document.Statement);
        values.policy = JSON.stringify(document);
      },
      name,
    );
}

export function trust(name: string, change: (statements: Loose[]) => void): (plan: PlanJson) => void {
  return (plan) =>
    each(
      plan,
      "aws_iam_role",
      (values) => {
        const document = JSON.parse(values.assume_role_policy);
        change(document.Statement);
        values.assume_role_policy = JSON.stringify(document);
      },
      name,
    );
}

export function set(type: string, values: Readonly<Record<string, unknown>>, name?: string): (plan: PlanJson) => void {
  return (plan) => each(plan, type, (found) => Object.assign(found, values), name);
}

export function lifecycle(change: (rules: Loose[]) => void): (plan: PlanJson) => void {
  return (plan) =>
    each(
      plan,
      "aws_ecr_lifecycle_policy",
      (values) => {
        const document = JSON.parse(values.policy);
        change(document.rules);
        values.policy = JSON.stringify(document);
      },
      "app",
    );
}
