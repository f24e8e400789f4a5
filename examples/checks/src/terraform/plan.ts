/** A value of a plan's JSON. What Terraform only knows after applying is absent. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

export type Values = Readonly<Record<string, Json>>;

/** A resource as it would be after applying. */
export interface PlannedResource {
  readonly address: string;
  readonly type: string;
  readonly name: string;
  readonly index?: string | number;
  readonly values: Values;
}

interface PlannedModule {
  /** Values are absent where none is known. */
  readonly resources?: readonly (Omit<PlannedResource, "values"> & { readonly values?: Values })[];
  readonly child_modules?: readonly PlannedModule[];
}

/**
 * What `terraform show -json PLAN` prints, as far as it is read here.
 *
 * @see https://developer.hashicorp.com/terraform/internals/json-format
 */
export interface PlanJson {
  readonly planned_values: { readonly root_module: PlannedModule };
  readonly output_changes: Readonly<Record<string, { readonly after?: Json }>>;
  readonly resource_changes: readonly ResourceChange[];
}

export interface ResourceChange {
  readonly address: string;
  readonly type: string;
  readonly name: string;
  readonly index?: string | number;
  readonly change: { readonly actions: readonly string[]; readonly after: Values | null };
}

/** All resources of a plan, those of modules too. */
export function resources(plan: PlanJson): readonly PlannedResource[] {
  return inModule(plan.planned_values.root_module);
}

export function resourcesOf(plan: PlanJson, type: string): readonly PlannedResource[] {
  return resources(plan).filter((resource) => resource.type === type);
}

function inModule(module: PlannedModule): readonly PlannedResource[] {
  const own = (module.resources ?? []).map((resource) => ({ ...resource, values: resource.values ?? {} }));
  return [...own, ...(module.child_modules ?? []).flatMap(inModule)];
}

/** The value of the root's only output, `app`, as far as it is known. */
export function appOutput(plan: PlanJson): Values {
  return record(plan.output_changes["app"]?.after);
}

/** An object's members; none where the value is something else. */
export function record(value: Json | undefined): Values {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Values) : {};
}

/** A list's entries; a single value is a list of one, as in IAM's documents. */
export function list(value: Json | undefined): readonly Json[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? (value as readonly Json[]) : [value];
}

/** The first block of a nested block's list. */
export function block(values: Values, name: string): Values {
  return record(list(values[name])[0]);
}

/** The document that an attribute holds as JSON text. */
export function document(value: Json | undefined): Json {
  return typeof value === "string" ? (JSON.parse(value) as Json) : null;
}

export function text(value: Json | undefined): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}
