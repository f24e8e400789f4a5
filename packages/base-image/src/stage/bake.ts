import { join } from "node:path";

import { BaseImageError } from "../errors.ts";
import { renderDockerfile, stagesOf } from "./dockerfile.ts";
import type { ImageDefinition } from "./image.ts";
import { sshIds } from "./mount.ts";

/** A target of a bake file. @see https://docs.docker.com/build/bake/reference/ */
export interface BakeTarget {
  readonly context: string;
  readonly "dockerfile-inline": string;
  readonly target: string;
  readonly tags: readonly string[];
  readonly platforms?: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly secret?: readonly string[];
  readonly ssh?: readonly string[];
  readonly "cache-from"?: readonly string[];
  readonly "cache-to"?: readonly string[];
}

/** A bake file as `docker buildx bake --file FILE.json` reads it. */
export interface BakeFile {
  readonly group: { readonly default: { readonly targets: readonly string[] } };
  readonly target: Readonly<Record<string, BakeTarget>>;
}

/** How a definition is baked. */
export interface BakeOptions {
  /** The folder of the definition, as seen from where bake runs. Default: that very folder. */
  readonly folder?: string;
  /** A folder that holds the context as a build gets it, programs included, as seen from there. */
  readonly context?: string;
  /** What it is called in its matrix: in the names of its targets and in its tags. */
  readonly image?: string;
  /** Default: the builder's own. */
  readonly platforms?: readonly string[];
  /** Default: the name of the definition. */
  readonly repository?: string;
  /** The labels of a variant. */
  readonly labels?: (variant: string) => Readonly<Record<string, string>>;
  /** Where the cache of a variant is in a registry, as values of `cache-from` and `cache-to`. */
  readonly cache?: (variant: string) => { readonly from: string; readonly to: string };
}

/**
 * A target for each variant, all of one Dockerfile, so that they share what they have in common. A secret is taken from
 * the variable of its name, an SSH agent from the machine's.
 * @throws BaseImageError for a definition with programs, unless a folder is given that has them.
 */
export function bakeFile(definition: ImageDefinition, options: BakeOptions = {}): BakeFile {
  assertBakeable(definition, options);
  const { text } = renderDockerfile(definition);
  const { image } = options;
  const entries = Object.entries(definition.variants).map(([variant, stage]): [string, BakeTarget] => {
    const name = [image, variant].filter((part) => part !== undefined).join("-");
    const target = { "dockerfile-inline": escaped(text), target: stage.name };
    return [targetName(name), { ...target, ...targetOf(definition, variant, name, options) }];
  });
  return { group: { default: { targets: entries.map(([name]) => name) } }, target: Object.fromEntries(entries) };
}

/** Several bake files as one; their targets have different names. */
export function joinedBakeFile(files: readonly BakeFile[]): BakeFile {
  return {
    group: { default: { targets: files.flatMap(({ group }) => group.default.targets) } },
    target: Object.fromEntries(files.flatMap(({ target }) => Object.entries(target))),
  };
}

function targetOf(
  definition: ImageDefinition,
  variant: string,
  name: string,
  { folder = ".", context, platforms, repository = definition.name, labels, cache }: BakeOptions,
): Omit<BakeTarget, "dockerfile-inline" | "target"> {
  const { secrets, ssh } = needsOf(definition, variant);
  const cached = cache?.(name);
  return {
    context: context ?? join(folder, definition.context ?? "."),
    tags: [`${repository}:${name}`],
    ...(platforms === undefined ? {} : { platforms }),
    ...(labels === undefined ? {} : { labels: labels(variant) }),
    ...(secrets.length === 0 ? {} : { secret: secrets.map((id) => `id=${id},env=${id}`) }),
    ...(ssh.length === 0 ? {} : { ssh }),
    ...(cached === undefined ? {} : { "cache-from": [cached.from], "cache-to": [cached.to] }),
  };
}

function assertBakeable({ name, programs }: ImageDefinition, { context }: BakeOptions): void {
  if (programs.length === 0 || context !== undefined) return;
  throw new BaseImageError(
    "BASE_IMAGE_INVALID_VALUE",
    `a bake file of ${name}: it has the programs ${programs.join(", ")}; expected a definition whose context is a folder as it is`,
    { hint: "Write the context with the programs into a folder: base-image bake --context FOLDER." },
  );
}

/** The one variant of a definition without `variants` has the name of a stage, in which bake takes no dots. */
function targetName(variant: string): string {
  return variant.replaceAll(".", "_");
}

/** Bake expands `${NAME}` and `%{…}` in its strings, in JSON too. */
function escaped(text: string): string {
  return text.replaceAll(/([$%])\{/g, "$1$1{");
}

function needsOf(
  definition: ImageDefinition,
  variant: string,
): { readonly secrets: readonly string[]; readonly ssh: readonly string[] } {
  const mounts = stagesOf(definition, variant)
    .flatMap(({ steps }) => steps)
    .flatMap(({ instruction }) => (instruction.instruction === "RUN" ? (instruction.mounts ?? []) : []));
  const secrets = mounts.flatMap((mount) =>
    mount.type === "secret" && typeof mount.id === "string" ? [mount.id] : [],
  );
  return { secrets: [...new Set(secrets)], ssh: sshIds(mounts) };
}
