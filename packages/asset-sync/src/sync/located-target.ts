import type { Target } from "../config/target.ts";
import type { Store } from "../store/store.ts";

/** The target with the region that only an AWS configuration file names: the container that verifies has no such file. */
export function locatedTarget(target: Target, store: Store): Target {
  if (target.kind !== "s3" || target.endpoint !== undefined || target.region !== undefined) return target;
  const region = store.region();
  return region === undefined ? target : { ...target, region };
}
