import type { Credentials } from "./credentials.ts";
import { parseChallenge, type Challenge } from "./challenge.ts";
import { refusal, unreachable } from "./registry-failure.ts";

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
  /** What it stands for; undefined when there is none. One request once signed in. */
  resolve(repository: string, reference: string): Promise<Descriptor | undefined>;
  /** The same with its bytes. */
  manifest(repository: string, reference: string): Promise<StoredManifest | undefined>;
  /** Lets a tag stand for a manifest that is in the repository already. */
  tag(repository: string, manifest: StoredManifest, tag: string): Promise<void>;
  /** A blob as text, such as an image's configuration. */
  blob(repository: string, digest: string): Promise<string>;
}

/** How a registry is reached. */
export interface RegistryOptions {
  readonly credentials?: Credentials | undefined;
  readonly signal?: AbortSignal | undefined;
}

const MANIFESTS = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.docker.distribution.manifest.v2+json",
].join(", ");

const PATIENCE_MS = 30_000;

/**
 * A registry by its host, over HTTPS; over HTTP where it is on loopback, as Docker has it. It signs in when it is asked to.
 * Every method throws BaseImageError: BASE_IMAGE_REGISTRY_UNREACHABLE, BASE_IMAGE_REGISTRY_DENIED or
 * BASE_IMAGE_REGISTRY_FAILED with the registry's own words.
 * @see https://github.com/opencontainers/distribution-spec/blob/main/spec.md
 */
export function connectRegistry(host: string, options: RegistryOptions = {}): Registry {
  const session = new RegistrySession(host, options);
  return {
    resolve: async (repository, reference) => {
      const response = await session.ask(repository, `manifests/${reference}`, { method: "HEAD", accept: MANIFESTS });
      return response === undefined ? undefined : descriptorOf(response, 0);
    },
    manifest: async (repository, reference) => {
      const response = await session.ask(repository, `manifests/${reference}`, { accept: MANIFESTS });
      if (response === undefined) return undefined;
      const bytes = Buffer.from(await response.arrayBuffer());
      return { ...descriptorOf(response, bytes.length), bytes };
    },
    tag: async (repository, { mediaType, bytes }, tag) => {
      await session.ask(repository, `manifests/${tag}`, { method: "PUT", type: mediaType, body: bytes, push: true });
    },
    blob: async (repository, digest) => {
      const response = await session.ask(repository, `blobs/${digest}`, {});
      if (response === undefined) throw refusal(`${host}/${repository}@${digest}`, 404, "");
      return response.text();
    },
  };
}

/** Docker's name for its hub is not the host that answers. */
function addressOf(host: string): string {
  if (host === "docker.io") return "https://registry-1.docker.io";
  return /^(?:localhost|127(?:\.\d+){3}|\[::1\])(?::\d+)?$/.test(host) ? `http://${host}` : `https://${host}`;
}

function descriptorOf({ headers }: Response, size: number): Descriptor {
  return {
    mediaType: headers.get("content-type")?.split(";")[0]?.trim() ?? "",
    digest: headers.get("docker-content-digest") ?? "",
    size: size === 0 ? Number(headers.get("content-length") ?? 0) : size,
  };
}

interface Question {
  readonly method?: "GET" | "HEAD" | "PUT";
  readonly accept?: string;
  readonly type?: string;
  readonly body?: Buffer;
  /** Whether the right to write is needed. */
  readonly push?: boolean;
}

/** Requests to one registry, with what it was signed in with. */
class RegistrySession {
  readonly #host: string;
  readonly #options: RegistryOptions;
  readonly #authorisations: Map<string, string> = new Map();

  constructor(host: string, options: RegistryOptions) {
    this.#host = host;
    this.#options = options;
  }

  /** The answer; undefined when the registry has no such thing. */
  async ask(repository: string, path: string, question: Question): Promise<Response | undefined> {
    const what = `${this.#host}/${repository}: ${path}`;
    const scope = `repository:${repository}:${question.push === true ? "pull,push" : "pull"}`;
    const url = `${addressOf(this.#host)}/v2/${repository}/${path}`;
    let response = await this.#send(what, url, question, this.#authorisations.get(scope) ?? this.#basic());
    const challenge = response.status === 401 ? parseChallenge(response.headers.get("www-authenticate")) : undefined;
    if (challenge?.scheme === "bearer") {
      const token = await this.#token(what, challenge, scope);
      this.#authorisations.set(scope, `Bearer ${token}`);
      response = await this.#send(what, url, question, `Bearer ${token}`);
    }
    if (response.ok) return response;
    const body = await response.text();
    if (response.status === 404 && question.method !== "PUT") return undefined;
    throw refusal(what, response.status, body);
  }

  async #send(what: string, url: string, question: Question, authorisation: string | undefined): Promise<Response> {
    const { method = "GET", accept, type, body } = question;
    const headers = {
      ...(accept === undefined ? {} : { accept }),
      ...(type === undefined ? {} : { "content-type": type }),
      ...(authorisation === undefined ? {} : { authorization: authorisation }),
    };
    return this.#fetch(what, url, { method, headers, ...(body === undefined ? {} : { body: new Uint8Array(body) }) });
  }

  /** Every request, to the registry and for tokens, has the same patience. */
  #fetch(what: string, url: string | URL, init: RequestInit): Promise<Response> {
    const { signal } = this.#options;
    const patience = AbortSignal.timeout(PATIENCE_MS);
    const either = signal === undefined ? patience : AbortSignal.any([signal, patience]);
    return fetch(url, { ...init, signal: either }).catch((cause: unknown) => {
      throw unreachable(what, cause);
    });
  }

  async #token(what: string, challenge: Challenge & { scheme: "bearer" }, scope: string): Promise<string> {
    const { credentials } = this.#options;
    const query = { ...(challenge.service === undefined ? {} : { service: challenge.service }), scope };
    const isToken = credentials?.kind === "token";
    const url = new URL(challenge.realm);
    if (!isToken) for (const [key, value] of Object.entries(query)) url.searchParams.set(key, value);
    const form = isToken
      ? { ...query, grant_type: "refresh_token", refresh_token: credentials.token, client_id: "base-image" }
      : undefined;
    const authorisation = this.#basic();
    const response = await this.#fetch(what, url, {
      ...(form === undefined ? {} : { method: "POST", body: new URLSearchParams(form) }),
      ...(authorisation === undefined ? {} : { headers: { authorization: authorisation } }),
    });
    if (!response.ok) throw refusal(what, response.status, await response.text());
    const answer = (await response.json()) as { readonly token?: string; readonly access_token?: string };
    const token = answer.token ?? answer.access_token;
    if (token === undefined) throw refusal(what, response.status, "the token server answered without a token");
    return token;
  }

  /** Name and password go along at once: a registry that wants them needs no second request. */
  #basic(): string | undefined {
    const { credentials } = this.#options;
    if (credentials?.kind !== "password") return undefined;
    return `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString("base64")}`;
  }
}
