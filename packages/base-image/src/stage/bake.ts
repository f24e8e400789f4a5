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
  readonly secret?: readonly string[];
  readonly ssh?: readonly string[];
}

/** A bake file as `docker buildx bake --file FILE.json` reads it. */
export interface BakeFile {
  readonly group: { readonly default: { readonly targets: readonly string[] } };
  readonly target: Readonly<Record<string, BakeTarget>>;
}

/**
 * A target for each variant, all of one Dockerfile, so that they share what they have in common. A secret is taken from
 * the variable of its name, an SSH agent from the machine's. `folder` is that of the definition, as seen from where bake
 * runs.
 * @throws BaseImageError for a definition with programs, which bake has no way to put into its context.
 */
export function bakeFile(definition: ImageDefinition, folder = "."): BakeFile {
  assertBakeable(definition);
  const { text } = renderDockerfile(definition);
  const names = Object.keys(definition.variants);
  const target = Object.entries(definition.variants).map(([name, stage]): [string, BakeTarget] => {
    const { secrets, ssh } = needsOf(definition, name);
    return [
      targetName(name),
      {
        context: join(folder, definition.context ?? "."),
        "dockerfile-inline": escaped(text),
        target: stage.name,
        tags: [`${definition.name}:${name}`],
        ...(secrets.length === 0 ? {} : { secret: secrets.map((id) => `id=${id},env=${id}`) }),
        ...(ssh.length === 0 ? {} : { ssh }),
      },
    ];
  });
  return { group: { default: { targets: names.map(targetName) } }, target: Object.fromEntries(target) };
}

function assertBakeable({ name, programs }: ImageDefinition): void {
  if (programs.length === 0) return;
  throw new BaseImageError(
    "BASE_IMAGE_INVALID_VALUE",
    `a bake file of ${name}: it has the programs ${programs.join(", ")}; expected a definition whose context is a folder as it is`,
    { hint: "Build it with `base-image build`, which puts the programs into the context." },
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
