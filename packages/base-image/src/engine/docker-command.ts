import type { BuildOptions } from "./build-options.ts";
import { DOCKERFILE_PATH } from "./pack.ts";
import type { BuildPlan } from "./plan.ts";

/** The label that says what an image was built from. */
export const INPUT_LABEL = "slipway.input";

/** What goes into an export beyond the build itself. */
export interface LayoutOptions {
  /** The folder that the images are written to, in the OCI layout. */
  readonly folder: string;
  /** `linux/amd64`; several give an index. */
  readonly platforms: readonly string[];
  readonly compression: "gzip" | "zstd";
  readonly provenance: "min" | "max" | "none";
  readonly sbom: boolean;
  /** A reference for BuildKit's cache in a registry. */
  readonly cache: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
  /** Seconds since 1970, in place of every time that is later. */
  readonly epoch: number;
  /** The name of a builder; Docker's chosen one without. */
  readonly builder: string | undefined;
}

/** The arguments of `docker` that build a plan into the engine from a tar of its context on standard input. */
export function dockerBuildArguments(plan: BuildPlan, options: BuildOptions): readonly string[] {
  return command(plan, options, ["--load"], []);
}

/**
 * The arguments of `docker` that build a plan for every platform and export it as a folder. Any builder can do that, and
 * set all times; a failed export of the cache fails no build.
 * @see https://docs.docker.com/build/exporters/oci-docker/
 */
export function layoutArguments(plan: BuildPlan, options: BuildOptions, layout: LayoutOptions): readonly string[] {
  const { folder, platforms, compression, provenance, sbom, cache, labels, epoch, builder } = layout;
  const output = ["type=oci", "tar=false", `dest=${folder}`, "rewrite-timestamp=true", `compression=${compression}`];
  return command(
    plan,
    options,
    [
      ...(builder === undefined ? [] : ["--builder", builder]),
      "--platform",
      platforms.join(","),
      "--output",
      output.join(","),
      provenance === "none" ? "--provenance=false" : `--provenance=mode=${provenance}`,
      `--sbom=${sbom}`,
      ...(cache === undefined ? [] : cacheArguments(cache)),
      "--build-arg",
      `SOURCE_DATE_EPOCH=${epoch}`,
    ],
    Object.entries(labels).flatMap(([name, value]) => ["--label", `${name}=${value}`]),
  );
}

/**
 * BuildKit's cache in a registry, as values of `cache-from` and `cache-to`: of all steps, in the form that registries of
 * every maker take, and a failed export fails no build.
 * @see https://docs.docker.com/build/cache/backends/registry/
 */
export function registryCache(ref: string): { readonly from: string; readonly to: string } {
  const to = ["type=registry", `ref=${ref}`, "mode=max", "image-manifest=true", "oci-mediatypes=true"];
  return { from: `type=registry,ref=${ref}`, to: [...to, "ignore-error=true"].join(",") };
}

function cacheArguments(ref: string): readonly string[] {
  const { from, to } = registryCache(ref);
  return ["--cache-from", from, "--cache-to", to];
}

/** Whether a build needs buildx: the engine's own interface takes no secrets and no SSH agent. */
export function needsBuildx(plan: BuildPlan): boolean {
  return plan.ssh.length > 0 || plan.secrets.length > 0;
}

function command(
  plan: BuildPlan,
  options: BuildOptions,
  output: readonly string[],
  labels: readonly string[],
): readonly string[] {
  return [
    "buildx",
    "build",
    "--file",
    DOCKERFILE_PATH,
    ...output,
    ...options.tags.flatMap((tag) => ["--tag", tag]),
    ...Object.entries(options.buildArgs).flatMap(([name, value]) => ["--build-arg", `${name}=${value}`]),
    ...options.secrets.flatMap((secret) => [
      "--secret",
      "env" in secret ? `id=${secret.id},env=${secret.env}` : `id=${secret.id},src=${secret.src}`,
    ]),
    ...plan.ssh.flatMap((id) => ["--ssh", id]),
    ...(options.network === undefined ? [] : ["--network", options.network]),
    ...(options.noCache ? ["--no-cache"] : []),
    ...labels,
    "--label",
    `${INPUT_LABEL}=${plan.inputHash}`,
    "-",
  ];
}
