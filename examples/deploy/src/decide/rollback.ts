import { DeployError } from "../errors.ts";
import { sameRelease, type Marker } from "../release/marker.ts";

/** Where a rollback goes. */
export interface RollbackPlan {
  readonly from: Marker;
  readonly to: Marker;
}

/**
 * Decides on a rollback from the history of markers, oldest first: to the release `to`, or else to the one before the current.
 * A release that was itself left by a rollback is no place to go back to unless it is named.
 *
 * @throws DeployError DEPLOY_MARKER_MISSING, DEPLOY_SCHEMA_AHEAD
 */
export function decideRollback(
  history: readonly Marker[],
  wish: { readonly to?: string; readonly keepSchema: boolean },
): RollbackPlan {
  const from = history.at(-1);
  if (from === undefined)
    throw new DeployError("DEPLOY_MARKER_MISSING", "No release is marked yet: there is nothing to go back to.");
  const left = new Set(history.map(({ rolledBackFrom }) => rolledBackFrom));
  const to = history.findLast((marker) =>
    wish.to === undefined ? !sameReleaseName(marker, from) && !left.has(marker.release) : marker.release === wish.to,
  );
  if (to === undefined || sameRelease(to, from)) {
    throw new DeployError(
      "DEPLOY_MARKER_MISSING",
      `There is no marked release ${wish.to ?? `before ${from.release}`}.`,
    );
  }
  if (to.schema !== from.schema && !wish.keepSchema) {
    throw new DeployError(
      "DEPLOY_SCHEMA_AHEAD",
      `The schema is at ${from.schema}; ${to.release} was released with ${to.schema}.`,
    );
  }
  return { from, to };
}

function sameReleaseName(a: Marker, b: Marker): boolean {
  return a.release === b.release;
}

/** The releases whose assets nothing has to keep any more: those that are not among the last `keep`. Oldest first. */
export function releasesToLetGo(history: readonly Marker[], keep: number): readonly string[] {
  const newestFirst = [...new Set(history.map(({ release }) => release).toReversed())];
  return newestFirst.slice(keep).toReversed();
}
