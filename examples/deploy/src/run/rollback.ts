import { decideRollback } from "../decide/rollback.ts";
import { short } from "../decide/rollout.ts";
import type { EnvironmentName } from "../environments.ts";
import { DeployError } from "../errors.ts";
import type { Draft } from "../release/draft.ts";
import { draftOf, type Marker } from "../release/marker.ts";
import type { World } from "../world.ts";
import { mark } from "./mark.ts";
import { update } from "./update.ts";
import { verify } from "./verify.ts";

/** What a rollback is asked to do. */
export interface RollbackWish {
  readonly environment: EnvironmentName;
  readonly to?: string;
  readonly keepSchema: boolean;
  readonly deadlineMs: number;
  /** Called with what was reached, so that it can be gone on with. */
  readonly keep: (draft: Draft) => Promise<void>;
}

/**
 * Brings a marked release back: first everything it needs is looked at, then its assets come back from its image, then its
 * revisions are deployed, verified and marked.
 */
export async function rollback(world: World, wish: RollbackWish): Promise<void> {
  const running = await runningRevisions(world);
  const { from, to } = decideRollback(await world.markers.history(), { ...wish, running });
  await checkThere(world, to);
  world.say(`rollback: from ${from.release} to ${to.release}; the schema stays at ${from.schema}`);
  // Without the assets pages of the old release would be broken for as long as it takes to notice.
  await world.assets.push(to.receipt, to.images["app"] ?? "");
  const updated = await update(world, draftOf(to, wish.environment, from), wish.keep);
  const verified = await verify(world, updated, wish.deadlineMs);
  await wish.keep(verified);
  await mark(world, verified);
}

async function runningRevisions(world: World): Promise<Readonly<Record<string, string>>> {
  const found: [string, string][] = [];
  for (const { name } of world.environment.services) {
    const { deployments } = await world.ecs.service(name);
    const primary = deployments.find(({ status }) => status === "PRIMARY");
    if (primary !== undefined) found.push([name, primary.revision]);
  }
  return Object.fromEntries(found);
}

async function checkThere(world: World, { images, revisions }: Marker): Promise<void> {
  for (const image of Object.values(images)) await world.images.byDigest(image);
  for (const [service, revision] of Object.entries(revisions)) {
    const { active } = await world.ecs.revision(revision, service);
    if (!active) throw new DeployError("DEPLOY_REVISION_GONE", `${short(revision)} of ${service} is not active.`);
  }
}
