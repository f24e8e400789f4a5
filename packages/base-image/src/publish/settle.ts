import type { StoredManifest } from "../registry/registry.ts";
import { isOfInputs, publishedVersions } from "./annotations.ts";
import type { Candidate, PublishContext } from "./candidate.ts";
import { moveTags, planTags, taken, type Repository, type TagChange } from "./move-tags.ts";
import { parseIndex } from "./oci-layout.ts";
import type { PlannedTarget, PublishPlan } from "./plan.ts";
import { imageVersion, wantedTags, type FoundVersions, type PublishTarget } from "./target.ts";
import { parseVersionTag, versionTag } from "./version-tags.ts";

/** A variant in the end. */
export interface Published {
  readonly variant: string;
  readonly digest: string;
  readonly built: boolean;
  readonly inputHash: string;
  readonly tags: readonly TagChange[];
}

/**
 * What the tags of images come to; nothing is changed. What is published is asked for here, not before a build: a higher
 * version that has come meanwhile keeps the tags that are its own.
 */
export async function planSettling(
  images: readonly SettledImage[],
  force: boolean,
  { repository }: Pick<PublishContext, "repository">,
): Promise<readonly (readonly TagChange[])[]> {
  const versions = images.map(({ target, versions: found }) => imageVersion(target, found));
  const published = (await repository.registry.tags(repository.path)).flatMap((tag) => parseVersionTag(tag) ?? []);
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
export function foundImage({ target, found }: Pick<PlannedTarget, "found" | "target">): SettledImage | undefined {
  if (found === undefined) return undefined;
  const versions = publishedVersions(parseIndex(found.bytes).annotations);
  return { target, manifest: found, versions, known: new Map([[target.contentTag, found.digest]]) };
}

/** Gives images their tags: those of a plan that are there already, and the candidates that have passed. */
export async function settle(
  plan: PublishPlan,
  candidates: readonly Candidate[],
  force: boolean,
  context: PublishContext,
): Promise<readonly Published[]> {
  const { repository, emit, signal } = context;
  const images: SettledImage[] = [];
  for (const planned of plan.targets) {
    const candidate = candidates.find(({ target }) => target === planned.target);
    const image = candidate === undefined ? foundImage(planned) : await passedImage(candidate, force, repository);
    if (image !== undefined) images.push(image);
  }
  const changes = await planSettling(images, force, context);
  const published: Published[] = [];
  for (const [index, { target, manifest }] of images.entries()) {
    signal?.throwIfAborted();
    const { variant, inputHash } = target.plan;
    const built = candidates.some((each) => each.target === target && each.index.digest === manifest.digest);
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

/**
 * A candidate; or the image of the very same inputs that somebody else has published meanwhile, which has passed as well:
 * it keeps the tag of its content, and the candidate stays without one.
 */
async function passedImage(
  { target, index, versions }: Candidate,
  force: boolean,
  { registry, path }: Repository,
): Promise<SettledImage> {
  const found = force ? undefined : await registry.manifest(path, target.contentTag);
  const other = found && isOfInputs(found, target) ? foundImage({ target, found }) : undefined;
  return other ?? { target, manifest: index, versions, known: new Map() };
}

/** Refuses, before anything is verified, a version that is published from other inputs. */
export async function assertVersionsFree(
  candidates: readonly Candidate[],
  { registry, host, path }: Repository,
): Promise<void> {
  for (const { target, index, versions } of candidates) {
    const version = imageVersion(target, versions);
    if (version === undefined) continue;
    const tag = versionTag(version);
    const before = (await registry.resolve(path, tag))?.digest;
    if (before === undefined || before === index.digest) continue;
    // The same inputs, published while these were built.
    if ((await registry.resolve(path, target.contentTag))?.digest === before) continue;
    throw taken(`${host}/${path}:${tag}`, before, index.digest);
  }
}
