import { BaseImageError } from "../errors.ts";

/** An image by name. At least one of `tag` and `digest` is there. */
export interface ImageReference {
  /** Host and port: `docker.io`, `registry.example.com:5000`. */
  readonly registry: string;
  /** `library/ruby` */
  readonly repository: string;
  readonly tag?: string;
  /** `sha256:…` */
  readonly digest?: string;
}

/** The registry of a name that says none. */
export const DEFAULT_REGISTRY = "docker.io";
const PART = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
const REPOSITORY = new RegExp(`^${PART}(?:/${PART})*$`);
const REGISTRY = /^(?:\[[0-9a-fA-F:.]+\]|[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?)(?::\d+)?$/;
const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** What a tag may be: at most 128 characters. */
export const TAG: RegExp = /^\w[\w.-]{0,127}$/;

/**
 * Reads the name of an image as Docker does: without a registry it is one of Docker Hub, without a tag and a digest it
 * is `latest`.
 * @throws BaseImageError BASE_IMAGE_INVALID_VALUE naming the part that is wrong.
 * @see https://github.com/distribution/reference/blob/main/reference.go
 */
export function parseReference(text: string): ImageReference {
  const [name = "", ...digests] = text.split("@");
  const colon = name.indexOf(":", name.lastIndexOf("/") + 1);
  const path = colon === -1 ? name : name.slice(0, colon);
  const tag = colon === -1 ? undefined : name.slice(colon + 1);
  const { registry, repository } = splitRegistry(path);
  const [digest] = digests;
  const parts: readonly Part[] = [
    ["registry", registry, REGISTRY, "a host, with a port where it needs one"],
    ["repository", repository, REPOSITORY, "small letters, digits and . _ - between /"],
    ["tag", tag, TAG, "at most 128 letters, digits and . _ -"],
    ["digest", digests.length === 0 ? undefined : digests.join("@"), DIGEST, "sha256: and 64 hexadecimal digits"],
  ];
  for (const part of parts) assertPart(text, part);
  return {
    registry,
    repository,
    ...(tag === undefined && digest === undefined ? { tag: "latest" } : {}),
    ...(tag === undefined ? {} : { tag }),
    ...(digest === undefined ? {} : { digest }),
  };
}

/** The name as people write it, without what Docker adds by itself. */
export function referenceName({ registry, repository, tag, digest }: ImageReference): string {
  const host = registry === DEFAULT_REGISTRY ? "" : `${registry}/`;
  const path = registry === DEFAULT_REGISTRY ? repository.replace(/^library\//, "") : repository;
  return `${host}${path}${tag === undefined ? "" : `:${tag}`}${digest === undefined ? "" : `@${digest}`}`;
}

/** The first part is a registry when it could be no folder of Docker Hub: it has a dot or a port, or is `localhost`. */
function splitRegistry(path: string): { readonly registry: string; readonly repository: string } {
  const slash = path.indexOf("/");
  const first = path.slice(0, Math.max(slash, 0));
  if (slash !== -1 && (/[.:]/.test(first) || first === "localhost" || first !== first.toLowerCase())) {
    return { registry: first === "index.docker.io" ? DEFAULT_REGISTRY : first, repository: path.slice(slash + 1) };
  }
  return { registry: DEFAULT_REGISTRY, repository: slash === -1 ? `library/${path}` : path };
}

/** What it is called, what was found, what it must look like, and that in words. */
type Part = readonly [string, string | undefined, RegExp, string];

function assertPart(text: string, [part, found, form, expected]: Part): void {
  if (found === undefined || form.test(found)) return;
  throw new BaseImageError(
    "BASE_IMAGE_INVALID_VALUE",
    `the ${part} of the image name ${JSON.stringify(text)} is ${JSON.stringify(found)}; expected ${expected}`,
  );
}
