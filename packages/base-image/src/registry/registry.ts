import { createHash } from "node:crypto";

import { BaseImageError } from "../errors.ts";
import { objectIn, refusal } from "./registry-failure.ts";
import { RegistrySession, type Answer, type Content, type RegistryOptions } from "./session.ts";

export type { RegistryOptions } from "./session.ts";

/** What a tag or a digest stands for. */
export interface Descriptor {
  readonly mediaType: string;
  /** `sha256:…` */
  readonly digest: string;
  /** Bytes of the manifest or index itself. */
  readonly size: number;
}

/** A manifest or index with its bytes, which are what its digest is of. */
export interface StoredManifest extends Descriptor {
  readonly bytes: Buffer;
}

/** What a registry is asked. References are tags or digests. */
export interface Registry {
  /** What it stands for; undefined when there is none. One request once signed in, two where the registry does not say the digest. */
  resolve(repository: string, reference: string): Promise<Descriptor | undefined>;
  /** The same with its bytes. */
  manifest(repository: string, reference: string): Promise<StoredManifest | undefined>;
  /** Puts a manifest there under its digest or a tag; what it names must be in the repository already. */
  put(repository: string, manifest: StoredManifest, reference: string): Promise<void>;
  /** Every tag of a repository; none when there is no such repository. */
  tags(repository: string): Promise<readonly string[]>;
  /** Throws unless this user may write to the repository; leaves nothing there. */
  assertWritable(repository: string): Promise<void>;
  /** Brings a blob there unless it is there already. */
  upload(repository: string, digest: string, content: Content): Promise<void>;
  /** A blob as text, such as an image's configuration. */
  blob(repository: string, digest: string): Promise<string>;
}

const MANIFESTS = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.docker.distribution.manifest.v2+json",
].join(", ");

/**
 * A registry by its host, over HTTPS; over HTTP where it is on loopback, as Docker has it. It signs in when it is asked to.
 * Every method throws BaseImageError: BASE_IMAGE_REGISTRY_UNREACHABLE, BASE_IMAGE_REGISTRY_DENIED or
 * BASE_IMAGE_REGISTRY_FAILED with the registry's own words.
 * @see https://github.com/opencontainers/distribution-spec/blob/main/spec.md
 */
export function connectRegistry(host: string, options: RegistryOptions = {}): Registry {
  const session = new RegistrySession(host, options);
  const manifest: Registry["manifest"] = async (repository, reference) => {
    const response = await session.ask(repository, `manifests/${reference}`, { accept: MANIFESTS });
    if (response === undefined) return undefined;
    const { body: bytes } = response;
    const digest = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
    for (const said of [saidDigest(response), reference]) {
      if (said?.startsWith("sha256:") !== true || said === digest) continue;
      const message = `${host}/${repository}: manifests/${reference}: the registry sent the bytes of ${digest} as ${said}`;
      throw new BaseImageError("BASE_IMAGE_REGISTRY_FAILED", message);
    }
    return { mediaType: mediaTypeOf(response), digest, size: bytes.length, bytes };
  };
  return {
    resolve: async (repository, reference) => {
      const response = await session.ask(repository, `manifests/${reference}`, { method: "HEAD", accept: MANIFESTS });
      if (response === undefined) return undefined;
      const digest = saidDigest(response);
      // Not every registry says it: then the bytes do.
      if (digest === undefined) return manifest(repository, reference);
      return { mediaType: mediaTypeOf(response), digest, size: Number(response.headers.get("content-length") ?? 0) };
    },
    manifest,
    put: async (repository, { mediaType, bytes }, reference) => {
      const question = { method: "PUT", type: mediaType, body: bytes, push: true } as const;
      await session.ask(repository, `manifests/${reference}`, question);
    },
    tags: (repository) => allTags(session, repository),
    assertWritable: async (repository) => {
      const address = await beginUpload(session, repository);
      // An upload that is left alone goes by itself: not every registry lets it be ended.
      await session.ask(repository, address, { method: "DELETE", push: true }).catch(() => undefined);
    },
    upload: (repository, digest, content) => upload(session, repository, digest, content),
    blob: async (repository, digest) => {
      const response = await session.ask(repository, `blobs/${digest}`, {});
      if (response === undefined) throw refusal(`${host}/${repository}@${digest}`, 404, "");
      return response.body.toString();
    },
  };
}

function mediaTypeOf({ headers }: Answer): string {
  return headers.get("content-type")?.split(";")[0]?.trim() ?? "";
}

/** What the registry calls a manifest, where it does so by its sha256. */
function saidDigest({ headers }: Answer): string | undefined {
  const digest = headers.get("docker-content-digest")?.trim();
  return digest?.startsWith("sha256:") === true ? digest : undefined;
}

/** As Docker does it: begun, sent in one piece, ended with the digest. */
async function upload(session: RegistrySession, repository: string, digest: string, content: Content): Promise<void> {
  if ((await session.ask(repository, `blobs/${digest}`, { method: "HEAD", push: true })) !== undefined) return;
  const begun = await beginUpload(session, repository);
  const sent = await session.ask(repository, begun, {
    method: "PATCH",
    type: "application/octet-stream",
    body: content,
    push: true,
  });
  const end = new URL(sent?.headers.get("location") ?? begun, "http://registry");
  end.searchParams.set("digest", digest);
  const address = end.host === "registry" ? end.pathname + end.search : end.href;
  await session.ask(repository, address, { method: "PUT", push: true });
}

/** Where the bytes of a new blob go. */
async function beginUpload(session: RegistrySession, repository: string): Promise<string> {
  const response = await session.ask(repository, "blobs/uploads/", { method: "POST", push: true });
  const location = response?.headers.get("location") ?? undefined;
  if (location !== undefined) return location;
  throw refusal(
    `${session.host}/${repository}: an upload`,
    response?.status ?? 404,
    "it does not say where to upload to",
  );
}

/** Registries give long lists in pieces. @see https://github.com/opencontainers/distribution-spec/blob/main/spec.md#listing-tags */
async function allTags(session: RegistrySession, repository: string): Promise<readonly string[]> {
  const tags: string[] = [];
  let next: string | undefined = "tags/list?n=1000";
  while (next !== undefined) {
    const answer: Answer | undefined = await session.ask(repository, next, {});
    if (answer === undefined) break;
    const { tags: page } = objectIn(
      `${session.host}/${repository}: the list of tags`,
      answer.status,
      answer.body.toString(),
    );
    if (Array.isArray(page)) tags.push(...page.map(String));
    next = /<([^>]+)>\s*;\s*rel="?next/.exec(answer.headers.get("link") ?? "")?.[1];
  }
  return tags;
}
