import { document, list, record, resourcesOf, text, type PlanJson } from "./plan.ts";

/** Actions on resources that somebody needs. */
export interface Need {
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
}

/** Which of the needed permissions the policy ROLE/NAME of a plan does not give. */
export function missingPermissions(plan: PlanJson, policy: string, needs: readonly Need[]): readonly string[] {
  const given = resourcesOf(plan, "aws_iam_role_policy")
    .filter(({ index }) => index === policy)
    .flatMap(({ values }) => list(record(document(values["policy"]))["Statement"]).map(record));
  const allows = (action: string, resource: string): boolean =>
    given.some(
      (statement) =>
        list(statement["Action"]).includes(action) &&
        list(statement["Resource"]).some((pattern) => covers(text(pattern), resource)),
    );
  return needs.flatMap(({ Action, Resource }) =>
    Action.flatMap((action) =>
      Resource.filter((resource) => !allows(action, resource)).map((resource) => `${action} on ${resource}`),
    ),
  );
}

/** Patterns here end in their only star, or have none. */
function covers(pattern: string, resource: string): boolean {
  return pattern.endsWith("*") ? resource.startsWith(pattern.slice(0, -1)) : pattern === resource;
}
