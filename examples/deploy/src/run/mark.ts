import { releasesToLetGo } from "../decide/rollback.ts";
import { DeployError } from "../errors.ts";
import type { Draft } from "../release/draft.ts";
import { makeMarker, sameRelease } from "../release/marker.ts";
import type { World } from "../world.ts";

/**
 * Marks a verified release: its images get the tag that the lifecycle rule keeps, its assets are pinned, and the marker that
 * binds all of it becomes the newest of the history. Last comes the marker, so what it names is kept already.
 */
export async function mark(world: World, draft: Draft): Promise<void> {
  const marker = makeMarker(draft, new Date(world.clock.now()));
  for (const image of new Set(Object.values(draft.images))) await world.images.tag(image, releaseTag(draft, image));
  await world.assets.pin(marker.receipt);
  const current = await world.markers.newest();
  if (current !== undefined && sameRelease(current, marker)) {
    world.say(`mark: ${marker.release} is marked already`);
    return;
  }
  await world.markers.add(marker);
  world.say(`mark: ${marker.release}, schema ${marker.schema}`);
}

/**
 * Lets go of the assets of releases that are not among the last `keep` marked ones, then has asset-sync remove what nothing
 * needs.
 */
export async function collect(world: World, draft: Draft, keep: number): Promise<void> {
  if (draft.receipt === undefined)
    throw new DeployError("DEPLOY_DRAFT_INCOMPLETE", `Release ${draft.release} has no receipt.`);
  const pinned = await world.assets.pinned(draft.receipt);
  // What was let go of before may be gone from the ledger, and what is gone cannot be unpinned.
  for (const release of releasesToLetGo(await world.markers.history(), keep).filter((one) => pinned.has(one))) {
    await world.assets.unpin(draft.receipt, release);
    world.say(`collect: ${release} is let go of`);
  }
  await world.assets.collect(draft.receipt, keep);
}

/** A commit that was built again has another image, and a tag that never moves cannot name both. */
function releaseTag({ release }: Draft, image: string): string {
  return `release-${release}-${image.slice(image.indexOf("@sha256:")).slice(8, 20)}`;
}
