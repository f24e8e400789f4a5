import type { PlanMutation } from "./edit-plan.ts";
import { KEPT_MUTATIONS } from "./kept-mutations.ts";
import { RUNTIME_MUTATIONS } from "./runtime-mutations.ts";
import { SCOPE_MUTATIONS } from "./scope-mutations.ts";
import { TASK_MUTATIONS } from "./task-mutations.ts";

/** One mistake per row, made in prod's plan. */
export const PLAN_MUTATIONS: readonly PlanMutation[] = [
  ...TASK_MUTATIONS,
  ...RUNTIME_MUTATIONS,
  ...KEPT_MUTATIONS,
  ...SCOPE_MUTATIONS,
];
