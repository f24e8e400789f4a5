import type { StoredManifest } from "../registry/registry.ts";
import { keepsBudget } from "./annotations.ts";
import { taken, type Repository } from "./move-tags.ts";
import { definedVersions, imageVersion, type PublishTarget } from "./target.ts";
import { versionTag } from "./version-tags.ts";

/** What the registry says of targets, before anything is done. */
export interface PublishPlan {
  readonly targets: readonly PlannedTarget[];
}

/** A target, and the image of its very inputs where the registry has one. */
export interface PlannedTarget {
  readonly target: PublishTarget;
  readonly found: StoredManifest | undefined;
  /** `measure` where its budget is newer than the image, or less. */
  readonly action: "build" | "measure" | "nothing";
}

/**
 * Asks the registry what there is: one request for each target, one for the list of tags.
 * @throws BaseImageError BASE_IMAGE_TAG_TAKEN when a version that the definition names in full is published from other inputs.
 */
export async function planPublish(
  targets: readonly PublishTarget[],
  force: boolean,
  { repository }: { readonly repository: Repository },
): Promise<PublishPlan> {
  const { registry, path } = repository;
  // The list of tags first: whoever has signed in for it need not do so for each of the others.
  const tags = await registry.tags(path);
  const planned = await Promise.all(
    targets.map(async (target): Promise<PlannedTarget> => {
      const found = await registry.manifest(path, target.contentTag);
      return { target, found, action: actionFor(target, force ? undefined : found) };
    }),
  );
  for (const { target, action } of force ? [] : planned) {
    if (action === "build") await assertFree(target, tags, repository);
  }
  return { targets: planned };
}

function actionFor(target: PublishTarget, found: StoredManifest | undefined): PlannedTarget["action"] {
  if (found === undefined) return "build";
  return keepsBudget(found, target) ? "nothing" : "measure";
}

/** Whoever has published a version has put the tag of its content there first. */
async function assertFree(
  target: PublishTarget,
  tags: readonly string[],
  { registry, host, path }: Repository,
): Promise<void> {
  const version = imageVersion(target, definedVersions(target));
  const tag = version === undefined ? undefined : versionTag(version);
  if (tag === undefined || !tags.includes(tag)) return;
  const before = (await registry.resolve(path, tag))?.digest;
  if (before !== undefined)
    throw taken(`${host}/${path}:${tag}`, before, `an image of other inputs, ${target.contentTag}`);
}
