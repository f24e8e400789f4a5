import { BaseImageError } from "../errors.ts";
import type { Registry, StoredManifest } from "../registry/registry.ts";
import { assertTag } from "./version-tags.ts";

/** A tag that is to name an image. */
export interface WantedTag {
  readonly tag: string;
  /** One that stays where it is once it is there. */
  readonly immutable: boolean;
}

/** What becomes of a tag. */
export interface TagChange extends WantedTag {
  /** What it names already; nothing when there is no such tag. */
  readonly before: string | undefined;
  readonly after: string;
}

/** A repository in a registry. */
export interface Repository {
  readonly registry: Registry;
  readonly host: string;
  readonly path: string;
}

/** The image that tags are to name. */
export interface TagTarget {
  readonly digest: string;
  /** What tags are known to name already. */
  readonly known: ReadonlyMap<string, string>;
  /** Whether immutable tags are moved too. */
  readonly mayMove: boolean;
}

/**
 * What is to become of tags: one request for each that is not known. Tags that name the image already are in it too.
 * @throws BaseImageError BASE_IMAGE_TAG_TAKEN when an immutable one names another image and is not to be moved.
 */
export async function planTags(
  { registry, host, path }: Repository,
  wanted: readonly WantedTag[],
  { digest, known, mayMove }: TagTarget,
): Promise<readonly TagChange[]> {
  return Promise.all(
    wanted.map(async ({ tag, immutable }) => {
      const before = known.get(tag) ?? (await registry.resolve(path, assertTag(tag)))?.digest;
      if (immutable && !mayMove && before !== undefined && before !== digest) {
        throw taken(`${host}/${path}:${tag}`, before, digest);
      }
      return { tag, immutable, before, after: digest };
    }),
  );
}

/** Refuses to take a tag from another image. */
export function taken(tag: string, before: string, after: string): BaseImageError {
  return new BaseImageError("BASE_IMAGE_TAG_TAKEN", `the tag ${tag} names ${before}; it would have to name ${after}`);
}

/** Lets the tags name the image whose bytes these are; one request for each that does not yet. */
export async function moveTags(
  { registry, path }: Repository,
  manifest: StoredManifest,
  changes: readonly TagChange[],
  report: (change: TagChange) => void,
): Promise<void> {
  for (const change of changes) {
    if (change.before !== change.after) await registry.put(path, manifest, change.tag);
    report(change);
  }
}
