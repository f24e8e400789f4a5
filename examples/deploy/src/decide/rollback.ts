import { DeployError } from "../errors.ts";
import type { Marker } from "../release/marker.ts";
import { short } from "./rollout.ts";

/** Where a rollback goes. */
export interface RollbackPlan {
  readonly from: Marker;
  readonly to: Marker;
}

/** What is asked for, and what there is. */
interface RollbackAsked {
  readonly to?: string;
  readonly keepSchema: boolean;
  /** The revision that each service has. */
  readonly running: Readonly<Record<string, string>>;
}

/**
 * Decides on a rollback from the history of markers, oldest first: to the release `to`, or else to the one before the current.
 * A release that was itself left by a rollback is no place to go back to unless it is named. What a service has may be of no
 * marked release, as after a deployment that failed half way: then the release has to be named, and how far that deployment's
 * migration has moved the schema is not known.
 *
 * @throws DeployError DEPLOY_MARKER_MISSING, DEPLOY_SCHEMA_AHEAD, DEPLOY_USAGE
 */
export function decideRollback(history: readonly Marker[], wish: RollbackAsked): RollbackPlan {
  const from = history.at(-1);
  if (from === undefined)
    throw new DeployError("DEPLOY_MARKER_MISSING", "No release is marked yet: there is nothing to go back to.");
  const unmarked = unmarkedRevision(history, wish.running);
  if (unmarked !== undefined && wish.to === undefined)
    throw new DeployError("DEPLOY_USAGE", `${unmarked}: name where to go, as with --to ${from.release}.`);
  const to =
    wish.to === undefined ? theOneBefore(history, from) : history.findLast(({ release }) => release === wish.to);
  if (to === undefined)
    throw new DeployError(
      "DEPLOY_MARKER_MISSING",
      `There is no marked release ${wish.to ?? `before ${from.release}`}.`,
    );
  if (!wish.keepSchema) checkSchema(from, to, unmarked);
  return { from, to };
}

function unmarkedRevision(history: readonly Marker[], running: RollbackAsked["running"]): string | undefined {
  const found = Object.entries(running).find(
    ([service, revision]) => !history.some(({ revisions }) => revisions[service] === revision),
  );
  return found === undefined ? undefined : `${found[0]} has ${short(found[1])}, which is of no marked release`;
}

function theOneBefore(history: readonly Marker[], from: Marker): Marker | undefined {
  const left = new Set(history.map(({ rolledBackFrom }) => rolledBackFrom));
  return history.findLast(({ release }) => release !== from.release && !left.has(release));
}

function checkSchema(from: Marker, to: Marker, unmarked: string | undefined): void {
  if (unmarked !== undefined) {
    const message = `${unmarked}: its migration may have moved the schema on from ${from.schema}.`;
    throw new DeployError("DEPLOY_SCHEMA_AHEAD", message);
  }
  if (to.schema === from.schema) return;
  const message = `The schema is at ${from.schema}; ${to.release} was released with ${to.schema}.`;
  throw new DeployError("DEPLOY_SCHEMA_AHEAD", message);
}

/** The releases whose assets nothing has to keep any more: those that are not among the last `keep`. Oldest first. */
export function releasesToLetGo(history: readonly Marker[], keep: number): readonly string[] {
  const newestFirst = [...new Set(history.map(({ release }) => release).toReversed())];
  return newestFirst.slice(keep).toReversed();
}
