import type { PlanJson } from "./plan.ts";

/** A rule that a plan has to hold. Each finding names the resource and what is wrong with it. */
export interface Policy {
  readonly id: string;
  readonly says: string;
  readonly findings: (plan: PlanJson) => readonly string[];
}

/** One broken rule in one place. */
export interface Finding {
  readonly policy: string;
  readonly message: string;
}

export function checkPlan(plan: PlanJson, policies: readonly Policy[]): readonly Finding[] {
  return policies.flatMap(({ id, findings }) => findings(plan).map((message) => ({ policy: id, message })));
}
