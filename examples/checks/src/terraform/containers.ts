import {
  document,
  list,
  record,
  resourcesOf,
  text,
  type Json,
  type PlanJson,
  type PlannedResource,
  type Values,
} from "./plan.ts";

/** A container of a task definition, with the definition it stands in. */
export interface Container {
  readonly where: string;
  readonly name: string;
  readonly definition: Values;
  readonly siblings: readonly Values[];
  readonly task: PlannedResource;
}

/** Every container of every task definition of a plan. */
export function containers(plan: PlanJson): readonly Container[] {
  return resourcesOf(plan, "aws_ecs_task_definition").flatMap((task) => {
    const siblings = list(document(task.values["container_definitions"])).map(record);
    return siblings.map((definition) => {
      const name = text(definition["name"]);
      return { where: `${task.address} ${name}`, name, definition, siblings, task };
    });
  });
}

/** Findings of the containers that break a rule; undefined where a container keeps it. */
export function perContainer(plan: PlanJson, fault: (container: Container) => string | undefined): readonly string[] {
  return containers(plan).flatMap((container) => {
    const found = fault(container);
    return found === undefined ? [] : [`${container.where}: ${found}`];
  });
}

/** The members of lists such as `environment` and `secrets`, by name. */
export function named(value: Json | undefined, member: string): ReadonlyMap<string, string> {
  return new Map(list(value).map((entry) => [text(record(entry)["name"]), text(record(entry)[member])]));
}
