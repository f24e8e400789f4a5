import { BaseImageError } from "../errors.ts";
import type { Suite } from "../recipe/supported.ts";
import { TAG } from "../registry/reference.ts";

/** What a published image of ruby and node is, to the last digit. */
export interface ImageVersion {
  /** `3.4.10` */
  readonly ruby: string;
  /** `24.21.0` */
  readonly node: string;
  readonly suite: Suite;
  /** Nothing for a definition's first variant, whose tags do not name it. */
  readonly variant: string | undefined;
}

/** The number of a Debian release: the newer one has the tags that name none. */
const SUITE_ORDER: Readonly<Record<Suite, number>> = { bookworm: 12, trixie: 13 };

const VERSION_TAG = new RegExp(
  String.raw`^ruby-(\d+\.\d+\.\d+)-node-(\d+\.\d+\.\d+)-(${Object.keys(SUITE_ORDER).join("|")})(?:-(.+))?$`,
);

/** The tag that says all: `ruby-3.4.10-node-24.21.0-trixie-builder`. It never moves by itself. */
export function versionTag({ ruby, node, suite, variant }: ImageVersion): string {
  return tagOf(ruby, node, suite, variant);
}

/** Reads {@link versionTag}; undefined for every other tag. */
export function parseVersionTag(tag: string): ImageVersion | undefined {
  const [, ruby, node, suite, variant] = VERSION_TAG.exec(tag) ?? [];
  if (ruby === undefined || node === undefined) return undefined;
  return { ruby, node, suite: suite as Suite, variant };
}

/**
 * The shorter tags that are this version's among all there are: those under which no other version of `others` is higher.
 * A newer suite is higher than any version, so that a tag without a suite goes back to an older one for no new ruby.
 */
export function floatingTags(version: ImageVersion, others: readonly ImageVersion[]): readonly string[] {
  const own = shorterTags(version);
  const higher = new Set(others.filter((other) => compareVersions(other, version) > 0).flatMap(shorterTags));
  return own.filter((tag) => !higher.has(tag));
}

/** Negative when `a` is the lower: by the suite, then ruby, then node. */
export function compareVersions(a: ImageVersion, b: ImageVersion): number {
  return SUITE_ORDER[a.suite] - SUITE_ORDER[b.suite] || byParts(a.ruby, b.ruby) || byParts(a.node, b.node);
}

/** Refuses what no registry takes for a tag. */
export function assertTag(tag: string): string {
  if (TAG.test(tag)) return tag;
  throw new BaseImageError(
    "BASE_IMAGE_INVALID_VALUE",
    `the tag ${JSON.stringify(tag)} has ${tag.length} characters; expected at most 128 letters, digits and . _ -`,
    { hint: "Give the variant or the tag a shorter name." },
  );
}

function shorterTags({ ruby, node, suite, variant }: ImageVersion): readonly string[] {
  const [minor, major] = [ruby.split(".").slice(0, 2).join("."), node.split(".", 1)[0] ?? node];
  return [
    tagOf(ruby, node, undefined, variant),
    tagOf(minor, major, suite, variant),
    tagOf(minor, major, undefined, variant),
  ];
}

function tagOf(ruby: string, node: string, suite: string | undefined, variant: string | undefined): string {
  return assertTag([`ruby-${ruby}`, `node-${node}`, suite, variant].filter((part) => part !== undefined).join("-"));
}

function byParts(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split(".").map(Number));
  for (const [index, part] of (left ?? []).entries()) {
    const difference = part - (right?.[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
