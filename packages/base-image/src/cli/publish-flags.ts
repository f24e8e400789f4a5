import { Option, type Command } from "commander";

import type { LoadedDefinition } from "../config/load.ts";
import { nearest } from "../dockerfile/known-keys.ts";
import { BaseImageError } from "../errors.ts";
import type { Repository } from "../publish/move-tags.ts";
import type { PublishChoices } from "../publish/target.ts";
import { credentialsFor } from "../registry/credentials.ts";
import { parseReference, referenceName } from "../registry/reference.ts";
import { connectRegistry } from "../registry/registry.ts";
import { variantStage } from "../stage/image.ts";
import { readBuildFlags, withBuildFlags, type BuildFlags } from "./build-flags.ts";
import { collect } from "./verb.ts";

/** What `publish` is told. */
export interface PublishFlags extends BuildFlags {
  readonly variant?: readonly string[];
  readonly to?: string;
  readonly platform?: readonly string[];
  readonly force?: true;
  readonly dryRun?: true;
  readonly compression: PublishChoices["compression"];
  readonly provenance: PublishChoices["provenance"];
  readonly sbom: boolean;
  readonly cacheRef?: string;
  readonly builder?: string;
}

/** What `publish` is told when it is told nothing. */
export const DEFAULT_PUBLISH_FLAGS: PublishFlags = { cache: true, compression: "gzip", provenance: "min", sbom: true };

/** Adds the flags that say where to, for what and how. */
export function withPublishFlags(command: Command): Command {
  return withBuildFlags(command)
    .option("--variant <name>", "only this variant; may be given several times (default: all)", collect)
    .option("--to <repository>", "where to (default: `repository` of the definition)")
    .option(
      "--platform <platform>",
      "linux/amd64 or the like; may be given several times (default: this machine's)",
      collect,
    )
    .option("--dry-run", "say what would be done")
    .option("--force", "build what is there already, and move tags that do not move by themselves")
    .addOption(
      new Option("--compression <method>", "of the layers")
        .choices(["gzip", "zstd"])
        .default(DEFAULT_PUBLISH_FLAGS.compression),
    )
    .addOption(
      new Option("--provenance <mode>", "record of the build")
        .choices(["min", "max", "none"])
        .default(DEFAULT_PUBLISH_FLAGS.provenance),
    )
    .option("--no-sbom", "attach no list of what is in the image")
    .option("--cache-ref <ref>", "where BuildKit's cache is, or none (default: REPOSITORY:cache-NAME)")
    .option("--builder <name>", "the buildx builder (default: the chosen one)");
}

/** What the flags come to. */
export function readPublishFlags(flags: PublishFlags, repository: string): PublishChoices {
  const { compression, provenance, sbom, builder, force, cacheRef } = flags;
  if (cacheRef !== undefined) parseReference(cacheRef);
  return {
    build: readBuildFlags(flags),
    platforms: readPlatforms(flags.platform ?? []),
    compression,
    provenance,
    sbom,
    builder,
    force: force === true,
    cache: cacheRef === "none" ? undefined : (name) => cacheRef ?? `${repository}:cache-${name}`,
  };
}

/** The variants that are meant; all of the definition without a name. */
export function chosenVariants({ definition }: LoadedDefinition, names: readonly string[] = []): readonly string[] {
  for (const name of names) variantStage(definition, name);
  return names.length === 0 ? Object.keys(definition.variants) : [...new Set(names)];
}

/** The repository that images are put into, as people write it, and signed in to. */
export async function chosenRepository(
  { definition }: LoadedDefinition,
  to: string | undefined,
  signal: AbortSignal,
): Promise<Repository & { readonly name: string }> {
  const text = to ?? definition.repository;
  if (text === undefined) {
    throw new BaseImageError("BASE_IMAGE_USAGE", `nothing says where to publish ${definition.name}`, {
      hint: "Name a repository with --to, or as `repository` in the definition.",
    });
  }
  const { name, ...where } = repositoryPlace(text);
  const credentials = await credentialsFor(where.host);
  return { name, ...where, registry: connectRegistry(where.host, { credentials, signal }) };
}

/** A repository by its name. @throws BaseImageError BASE_IMAGE_USAGE for one with a tag or a digest. */
export function repositoryPlace(text: string): {
  readonly name: string;
  readonly host: string;
  readonly path: string;
} {
  const { registry: host, repository: path, digest, tag } = parseReference(text);
  if (digest !== undefined || tag !== "latest" || text.endsWith(":latest")) {
    const message = `--to is ${JSON.stringify(text)}; expected a repository without a tag and a digest`;
    throw new BaseImageError("BASE_IMAGE_USAGE", message, { hint: "The tags follow from the definition." });
  }
  return { name: referenceName({ registry: host, repository: path }), host, path };
}

const PLATFORMS = ["linux/amd64", "linux/arm64", "linux/arm/v7", "linux/ppc64le", "linux/s390x", "linux/riscv64"];

const ARCHITECTURES: Readonly<Record<string, string>> = { x64: "amd64", ia32: "386" };

/** `--platform`, several times or with commas; this machine's without one. */
export function readPlatforms(given: readonly string[]): readonly string[] {
  const platforms = given.flatMap((each) => each.split(","));
  for (const platform of platforms) {
    if (PLATFORMS.includes(platform)) continue;
    const near = nearest(platform, PLATFORMS);
    throw new BaseImageError(
      "BASE_IMAGE_USAGE",
      `--platform is ${JSON.stringify(platform)}; expected ${PLATFORMS.join(", ")}`,
      near === undefined ? {} : { hint: `Did you mean ${near}?` },
    );
  }
  return platforms.length === 0 ? [`linux/${ARCHITECTURES[process.arch] ?? process.arch}`] : [...new Set(platforms)];
}
