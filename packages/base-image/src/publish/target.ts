import type { LoadedDefinition } from "../config/load.ts";
import type { BuildOptions } from "../engine/build-options.ts";
import { planBuild, type BuildPlan } from "../engine/plan.ts";
import { BaseImageError } from "../errors.ts";
import { isRubyNode } from "../recipe/ruby-node.ts";
import type { ImageDefinition } from "../stage/image.ts";
import { contentTag, type ImageChoices } from "./content-tag.ts";
import type { WantedTag } from "./move-tags.ts";
import type { SourceRevision } from "./source.ts";
import { assertTag, floatingTags, versionTag, type ImageVersion } from "./version-tags.ts";

/** What is chosen for a publication. */
export interface PublishChoices {
  readonly build: Omit<BuildOptions, "tags">;
  readonly platforms: readonly string[];
  readonly compression: ImageChoices["compression"];
  readonly provenance: "min" | "max" | "none";
  /** Whether a list of what is in the image goes along. */
  readonly sbom: boolean;
  /** Where BuildKit's cache of a target is, by its name; nothing for none. */
  readonly cache: ((name: string) => string) | undefined;
  readonly builder: string | undefined;
  /** Whether what is there already is built again, and tags that do not move by themselves are moved. */
  readonly force: boolean;
}

/** A variant that is to be published. */
export interface PublishTarget {
  readonly definition: ImageDefinition;
  /** What it is called beside the other images of its file: its variant, after its name in a matrix. */
  readonly name: string;
  readonly plan: BuildPlan;
  readonly source: SourceRevision;
  readonly contentTag: string;
}

/** The programs' own versions, as a published image says them. */
export interface FoundVersions {
  readonly ruby: string | undefined;
  readonly node: string | undefined;
}

/** A name that is a tag of its own: `input-…` are those of contents, `cache-…` those of BuildKit's cache. */
function freeName(name: string): string {
  const [prefix] = /^(?:cache|input)-/.exec(name) ?? [];
  if (prefix === undefined) return name;
  const message = `a variant to publish is named ${JSON.stringify(name)}; expected a name that does not begin with ${prefix}, as other tags of the repository do`;
  throw new BaseImageError("BASE_IMAGE_INVALID_VALUE", message, { hint: "Give the variant another name." });
}

/** A variant of a definition as something to publish. */
export async function publishTarget(
  loaded: LoadedDefinition,
  variant: string,
  source: SourceRevision,
  { platforms, compression, build }: Pick<PublishChoices, "build" | "compression" | "platforms">,
): Promise<PublishTarget> {
  const plan = await planBuild(loaded, variant);
  const tag = contentTag(plan, { platforms, compression, buildArgs: build.buildArgs });
  const name = freeName([loaded.image, variant].filter((part) => part !== undefined).join("-"));
  return { definition: loaded.definition, name, plan, source, contentTag: tag };
}

/** The version of an image of ruby and node; nothing for another one, and where a program has not said its own. */
export function imageVersion(
  { definition, plan: { variant } }: Pick<PublishTarget, "definition" | "plan">,
  { ruby, node }: FoundVersions,
): ImageVersion | undefined {
  if (!isRubyNode(definition) || !isFull(ruby) || !isFull(node)) return undefined;
  const [first] = Object.keys(definition.variants);
  return { ruby, node, suite: definition.recipe.suite, variant: variant === first ? undefined : variant };
}

/** The versions that the definition itself names to the last digit. */
export function definedVersions({ definition }: Pick<PublishTarget, "definition">): FoundVersions {
  const { ruby, node } = isRubyNode(definition) ? definition.recipe : { ruby: undefined, node: undefined };
  return { ruby, node };
}

/**
 * The tags of an image: that of its content, then that of its version with the shorter ones that no higher version among
 * `others` has. An image of one's own stages has its own name.
 */
export function wantedTags(
  target: PublishTarget,
  version: ImageVersion | undefined,
  others: readonly ImageVersion[],
): readonly WantedTag[] {
  const content = { tag: target.contentTag, immutable: true };
  if (version === undefined) return [content, { tag: assertTag(target.name), immutable: false }];
  const floating = floatingTags(version, others).map((tag) => ({ tag, immutable: false }));
  return [content, { tag: versionTag(version), immutable: true }, ...floating];
}

/**
 * The tags that an image may come to have, as far as its definition tells: an `x` stands for what only the image itself
 * will say. Whether a shorter one is its own depends on what else is published.
 */
export function foreseenTags(target: PublishTarget): readonly string[] {
  const { ruby, node } = definedVersions(target);
  const version = imageVersion(target, { ruby: padded(ruby), node: padded(node) });
  return wantedTags(target, version, []).map(({ tag }) => tag);
}

function padded(version: string | undefined): string | undefined {
  return version === undefined ? undefined : [...version.split("."), "x", "x"].slice(0, 3).join(".");
}

function isFull(version: string | undefined): version is string {
  return version !== undefined && /^\d+(?:\.(?:\d+|x)){2}$/.test(version);
}
