import { resources, type PlanJson, type PlannedResource } from "./plan.ts";

/**
 * In what the plans of two environments differ, apart from their names: `type` where one has a resource that the other has
 * not, `type.attribute` where a value differs. Sorted, each once.
 */
export function environmentDifferences(dev: PlanJson, prod: PlanJson): readonly string[] {
  const left = byAddress(dev);
  const right = byAddress(prod);
  const addresses = new Set([...left.keys(), ...right.keys()]);
  return [
    ...new Set([...addresses].flatMap((address) => differences(left.get(address), right.get(address)))),
  ].toSorted();
}

function differences(dev: PlannedResource | undefined, prod: PlannedResource | undefined): readonly string[] {
  if (dev === undefined || prod === undefined) return [(dev ?? prod)?.type ?? ""];
  const names = new Set([...Object.keys(dev.values), ...Object.keys(prod.values)]);
  return [...names]
    .filter((name) => neutral(dev.values[name]) !== neutral(prod.values[name]))
    .map((name) => `${dev.type}.${name}`);
}

function byAddress(plan: PlanJson): ReadonlyMap<string, PlannedResource> {
  return new Map(resources(plan).map((resource) => [resource.address, resource]));
}

/** The value as text, without the environment's name. */
function neutral(value: unknown): string {
  return (JSON.stringify(value) ?? "unknown").replaceAll(/\b(dev|prod)\b/g, "ENVIRONMENT");
}
