import { connectEngine } from "../engine/engine.ts";
import { parseIndex } from "./oci-layout.ts";
import { approve } from "./approve.ts";
import {
  makeCandidate,
  publishedVersions,
  type Candidate,
  type CandidateContext,
  type PublishContext,
} from "./candidate.ts";
import { moveTags, planTags, taken, type TagChange } from "./move-tags.ts";
import type { StoredManifest } from "../registry/registry.ts";
import {
  definedVersions,
  imageVersion,
  wantedTags,
  type FoundVersions,
  type PublishChoices,
  type PublishTarget,
} from "./target.ts";
import { parseVersionTag, versionTag, type ImageVersion } from "./version-tags.ts";

/** What the registry says of targets, before anything is done. */
export interface PublishPlan {
  readonly targets: readonly PlannedTarget[];
  /** Every version that is published already. */
  readonly published: readonly ImageVersion[];
}

/** A target, and the image of its very inputs where the registry has one. */
export interface PlannedTarget {
  readonly target: PublishTarget;
  readonly found: StoredManifest | undefined;
  readonly action: "build" | "nothing";
}

/** A variant in the end. */
export interface Published {
  readonly variant: string;
  readonly digest: string;
  readonly built: boolean;
  readonly inputHash: string;
  readonly tags: readonly TagChange[];
}

/**
 * Asks the registry what there is: one request for each target, one for the list of tags.
 * @throws BaseImageError BASE_IMAGE_TAG_TAKEN when a version that the definition names in full is published from other inputs.
 */
export async function planPublish(
  targets: readonly PublishTarget[],
  force: boolean,
  { repository }: Pick<PublishContext, "repository">,
): Promise<PublishPlan> {
  const { registry, path } = repository;
  // The list of tags first: whoever has signed in for it need not do so for each of the others.
  const tags = await registry.tags(path);
  const planned = await Promise.all(
    targets.map(async (target): Promise<PlannedTarget> => {
      const found = await registry.manifest(path, target.contentTag);
      return { target, found, action: found === undefined || force ? "build" : "nothing" };
    }),
  );
  for (const { target, action } of force ? [] : planned) {
    if (action === "build") await assertFree(target, tags, repository);
  }
  return { targets: planned, published: tags.flatMap((tag) => parseVersionTag(tag) ?? []) };
}

/**
 * Carries a plan out: builds and pushes by digest what is missing, verifies every platform of it, and only when all have
 * passed moves tags. What fails or is killed before leaves every tag where it was; running it again goes on.
 */
export async function publish(
  plan: PublishPlan,
  choices: PublishChoices,
  context: PublishContext,
): Promise<readonly Published[]> {
  const missing = plan.targets.filter(({ action }) => action === "build").map(({ target }) => target);
  if (missing.length === 0) return settle(plan, [], choices.force, context);
  await context.repository.registry.assertWritable(context.repository.path);
  const candidates: Candidate[] = [];
  const withEngine = { ...context, engine: await connectEngine(), fetched: new Set<string>() };
  try {
    for (const target of missing) candidates.push(await makeCandidate(target, choices, withEngine));
    const builder = candidates.find(({ target }) => target.plan.variant === "builder");
    for (const candidate of candidates) {
      await approve(candidate, candidate === builder ? undefined : builder, withEngine);
    }
    return await settle(plan, candidates, choices.force, context);
  } finally {
    await removeFetched(withEngine);
  }
}

/** What the tags of a target come to; nothing is changed. */
export async function planSettling(
  { published }: PublishPlan,
  images: readonly SettledImage[],
  force: boolean,
  { repository }: Pick<PublishContext, "repository">,
): Promise<readonly (readonly TagChange[])[]> {
  const versions = images.map(({ target, versions: found }) => imageVersion(target, found));
  const all = [...published, ...versions.filter((version) => version !== undefined)];
  const changes: (readonly TagChange[])[] = [];
  for (const [index, { target, manifest, known }] of images.entries()) {
    const wanted = wantedTags(target, versions[index], all);
    changes.push(await planTags(repository, wanted, { digest: manifest.digest, known, mayMove: force }));
  }
  return changes;
}

/** An image that may be given its tags: one that has passed, now or when it was first published. */
export interface SettledImage {
  readonly target: PublishTarget;
  readonly manifest: StoredManifest;
  readonly versions: FoundVersions;
  /** What tags are known to name, so that nobody has to ask. */
  readonly known: ReadonlyMap<string, string>;
}

/** An image of the registry that was found under the tag of its content. */
export function foundImage({ target, found }: PlannedTarget): SettledImage | undefined {
  if (found === undefined) return undefined;
  const versions = publishedVersions(parseIndex(found.bytes).annotations);
  return { target, manifest: found, versions, known: new Map([[target.contentTag, found.digest]]) };
}

async function settle(
  plan: PublishPlan,
  candidates: readonly Candidate[],
  force: boolean,
  context: PublishContext,
): Promise<readonly Published[]> {
  const { repository, emit, signal } = context;
  const images = plan.targets.flatMap((planned) => {
    const made = candidates.find(({ target }) => target === planned.target);
    if (made === undefined) return foundImage(planned) ?? [];
    return { target: made.target, manifest: made.index, versions: made.versions, known: new Map<string, string>() };
  });
  const changes = await planSettling(plan, images, force, context);
  const published: Published[] = [];
  for (const [index, { target, manifest }] of images.entries()) {
    signal?.throwIfAborted();
    const { variant, inputHash } = target.plan;
    const built = candidates.some((each) => each.target === target);
    const image = `${repository.host}/${repository.path}@${manifest.digest}`;
    if (!built) emit({ type: "image-found", variant, image, digest: manifest.digest });
    const tags = changes[index] ?? [];
    await moveTags(repository, manifest, tags, ({ tag, before, after }) => {
      const change = before === undefined ? "added" : before === after ? "kept" : "moved";
      const previous = change === "moved" && before !== undefined ? { previous: before } : {};
      emit({
        type: "tag-settled",
        tag: `${repository.host}/${repository.path}:${tag}`,
        digest: after,
        change,
        ...previous,
      });
    });
    published.push({ variant, digest: manifest.digest, built, inputHash, tags });
  }
  return published;
}

/** Whoever has published a version has put the tag of its content there first. */
async function assertFree(
  target: PublishTarget,
  tags: readonly string[],
  { registry, host, path }: PublishContext["repository"],
): Promise<void> {
  const version = imageVersion(target, definedVersions(target));
  const tag = version === undefined ? undefined : versionTag(version);
  if (tag === undefined || !tags.includes(tag)) return;
  const before = (await registry.resolve(path, tag))?.digest;
  if (before !== undefined)
    throw taken(`${host}/${path}:${tag}`, before, `an image of other inputs, ${target.contentTag}`);
}

/** The engine keeps nothing of what was brought only to be asked. */
async function removeFetched({ engine, fetched }: CandidateContext): Promise<void> {
  for (const reference of fetched) {
    await engine
      .getImage(reference)
      .remove()
      .catch(() => undefined);
  }
}
