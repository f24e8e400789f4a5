/** The files that name the base image. */
export interface BaseImageSources {
  readonly definition: string;
  readonly dockerfile: string;
  /** The PDF service's. */
  readonly printer: string;
  readonly circleci: string;
  readonly github: string;
}

const SECRET_NAME = /(secret|password|token|master_key|private_key|access_key|credential)/i;

/** What belongs into a release and not into the start of a container that serves. */
export const ONCE_PER_RELEASE: RegExp = /db:(migrate|schema|setup|prepare)|assets:(precompile|sync)|asset-sync/;

/** Where the base image is called otherwise than its definition calls it, or the pipelines take it from different places. */
export function baseImageFindings({
  definition,
  dockerfile,
  printer,
  circleci,
  github,
}: BaseImageSources): readonly string[] {
  const name = /name: "([\w-]+)"/.exec(definition)?.[1] ?? "";
  const [app, pdf] = [dockerfile, printer].map(baseArguments);
  const defaults = [...(app ?? []), ...(pdf ?? [])];
  const repository = /image: (\S+):ci$/m.exec(circleci)?.[1] ?? "";
  return [
    ...missing("the Dockerfile", app ?? [], ["builder", "runtime"]),
    ...missing("the PDF service's Dockerfile", pdf ?? [], ["builder", "pdf"]),
    ...defaults
      .filter(([variant, image]) => image !== `${name}:${variant}`)
      .map(([, image]) => `a Dockerfile stands on ${image}`),
    ...(repository.split("/").at(-1) === name ? [] : [`CircleCI runs in ${repository}`]),
    ...(github.includes(`container: ${repository}:ci\n`) ? [] : ["GitHub runs in another image than CircleCI"]),
    ...[...circleci.matchAll(/image: (\S*(?:ruby|node|slipway)\S*)/g)]
      .filter(([, image]) => image !== `${repository}:ci`)
      .map(([, image]) => `CircleCI also runs in ${image}`),
    ...[circleci, github].flatMap((text) =>
      ["BUILDER", "PDF", "RUNTIME"]
        .filter((variant) => !text.includes(`BASE_${variant}=${repository}:${variant.toLowerCase()}`))
        .map((variant) => `a pipeline builds on another ${variant}`),
    ),
  ];
}

/** Variants and images of a Dockerfile's arguments that name the base image. */
function baseArguments(dockerfile: string): readonly (readonly [variant: string, image: string])[] {
  return [...dockerfile.matchAll(/^ARG BASE_(BUILDER|PDF|RUNTIME)=(\S+)$/gm)].map(
    ([, variant = "", image = ""]) => [variant.toLowerCase(), image] as const,
  );
}

function missing(
  where: string,
  found: readonly (readonly [string, string])[],
  variants: readonly string[],
): readonly string[] {
  const names = new Set(found.map(([variant]) => variant));
  return variants.filter((variant) => !names.has(variant)).map((variant) => `${where} has no argument for ${variant}`);
}

/** Secrets in ARG or ENV, and work of a release in the start of a container. */
export function dockerfileFindings(text: string): readonly string[] {
  const lines = text.replaceAll("\\\n", " ").split("\n");
  return lines.flatMap((line) => {
    if (/^(ARG|ENV)\s/.test(line) && SECRET_NAME.test(line)) return [`a secret in: ${line}`];
    if (/^(CMD|ENTRYPOINT)\s/.test(line) && ONCE_PER_RELEASE.test(line)) return [`work of a release in: ${line}`];
    return [];
  });
}
