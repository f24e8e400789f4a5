import { ACCESS_POLICIES } from "./access-policies.ts";
import { NETWORK_POLICIES } from "./network-policies.ts";
import type { Policy } from "./policy.ts";
import { SCOPE_POLICIES } from "./scope-policies.ts";
import { SERVICE_POLICIES } from "./service-policies.ts";
import { STORAGE_POLICIES } from "./storage-policies.ts";
import { TASK_POLICIES } from "./task-policies.ts";

/** Every rule that a plan of examples/terraform has to hold. */
export const POLICIES: readonly Policy[] = [
  ...TASK_POLICIES,
  ...SERVICE_POLICIES,
  ...NETWORK_POLICIES,
  ...ACCESS_POLICIES,
  ...STORAGE_POLICIES,
  ...SCOPE_POLICIES,
];
