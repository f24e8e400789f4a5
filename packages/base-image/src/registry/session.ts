import type { Credentials } from "./credentials.ts";
import { parseChallenge, type Challenge } from "./challenge.ts";
import { objectIn, refusal, unreachable } from "./registry-failure.ts";

/** How a registry is reached. */
export interface RegistryOptions {
  readonly credentials?: Credentials | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A request to a registry. */
export interface Question {
  readonly method?: "DELETE" | "GET" | "HEAD" | "PATCH" | "POST" | "PUT";
  readonly accept?: string;
  readonly type?: string;
  readonly body?: Buffer | Content;
  /** Whether the right to write is needed. */
  readonly push?: boolean;
}

/** Bytes that are read while they are sent, and so only once. */
export interface Content {
  readonly size: number;
  readonly stream: () => AsyncIterable<Buffer>;
}

/** What a registry answers, with its whole body. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Buffer;
}

const PATIENCE_MS = 30_000;

/** How long a registry may take no byte of a body, or think about all of them. */
const UPLOAD_PATIENCE_MS = 120_000;

/** Requests to one registry, with what it was signed in with. */
export class RegistrySession {
  readonly host: string;
  readonly #options: RegistryOptions;
  readonly #authorisations: Map<string, string> = new Map();

  constructor(host: string, options: RegistryOptions) {
    this.host = host;
    this.#options = options;
  }

  /**
   * The answer; undefined when the registry has no such thing. A path is one of the repository; an address as a registry
   * gives for an upload is taken as it is, and gets no credentials when it is somewhere else.
   */
  async ask(repository: string, path: string, question: Question): Promise<Answer | undefined> {
    const isAddress = /^(?:\/|https?:)/.test(path);
    const what = `${this.host}/${repository}: ${isAddress ? "an upload" : path}`;
    const home = addressOf(this.host);
    const url = isAddress ? new URL(path, home) : new URL(`${home}/v2/${repository}/${path}`);
    if (url.origin !== new URL(home).origin) return this.#read(what, question, await this.#send(what, url, question));
    const scope = `repository:${repository}:${question.push === true ? "pull,push" : "pull"}`;
    let response = await this.#send(what, url, question, this.#authorisations.get(scope) ?? this.#basic());
    const challenge = response.status === 401 ? parseChallenge(response.headers.get("www-authenticate")) : undefined;
    if (challenge?.scheme === "bearer") {
      await response.body?.cancel();
      const token = await this.#token(what, challenge, scope);
      this.#authorisations.set(scope, `Bearer ${token}`);
      response = await this.#send(what, url, question, `Bearer ${token}`);
    }
    return this.#read(what, question, response);
  }

  async #read(what: string, { method = "GET" }: Question, response: Response): Promise<Answer | undefined> {
    const { ok, status, headers } = response;
    const body = await bodyOf(what, response);
    if (ok) return { status, headers, body };
    if (status === 404 && (method === "GET" || method === "HEAD")) return undefined;
    throw refusal(what, status, body.toString());
  }

  async #send(what: string, url: URL, question: Question, authorisation?: string): Promise<Response> {
    const { method = "GET", accept, type, body } = question;
    const headers = {
      ...(accept === undefined ? {} : { accept }),
      ...(type === undefined ? {} : { "content-type": type }),
      ...(authorisation === undefined ? {} : { authorization: authorisation }),
    };
    if (body === undefined || Buffer.isBuffer(body)) {
      const bytes = body === undefined ? {} : { body: new Uint8Array(body) };
      return this.#fetch(what, url, { method, headers, ...bytes });
    }
    return this.#upload(what, url, { method, headers: { ...headers, "content-length": `${body.size}` } }, body);
  }

  /** A body may take as long as it needs, if only it goes on. */
  async #upload(what: string, url: URL, init: RequestInit, { stream }: Content): Promise<Response> {
    const silence = new AbortController();
    const timer = setTimeout(() => silence.abort(new Error("it takes no more of the body")), UPLOAD_PATIENCE_MS);
    async function* watched(): AsyncGenerator<Buffer> {
      for await (const chunk of stream()) {
        timer.refresh();
        yield chunk;
      }
    }
    try {
      const body = ReadableStream.from(watched());
      return await this.#fetch(what, url, { ...init, body, duplex: "half" }, silence.signal);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Every request, to the registry and for tokens, has the same patience but for those with a long body. */
  #fetch(
    what: string,
    url: URL,
    init: RequestInit,
    patience: AbortSignal = AbortSignal.timeout(PATIENCE_MS),
  ): Promise<Response> {
    const { signal } = this.#options;
    const either = signal === undefined ? patience : AbortSignal.any([signal, patience]);
    return fetch(url, { ...init, signal: either }).catch((cause: unknown) => {
      throw unreachable(what, cause);
    });
  }

  async #token(what: string, challenge: Challenge & { scheme: "bearer" }, scope: string): Promise<string> {
    const { credentials } = this.#options;
    const query = { ...(challenge.service === undefined ? {} : { service: challenge.service }), scope };
    const isToken = credentials?.kind === "token";
    const url = URL.parse(challenge.realm);
    if (url === null) throw refusal(what, 401, `sign in at ${JSON.stringify(challenge.realm)}, which is no address`);
    if (!isToken) for (const [key, value] of Object.entries(query)) url.searchParams.set(key, value);
    const form = isToken
      ? { ...query, grant_type: "refresh_token", refresh_token: credentials.token, client_id: "base-image" }
      : undefined;
    const authorisation = this.#basic();
    const response = await this.#fetch(what, url, {
      ...(form === undefined ? {} : { method: "POST", body: new URLSearchParams(form) }),
      ...(authorisation === undefined ? {} : { headers: { authorization: authorisation } }),
    });
    const { status } = response;
    const body = (await bodyOf(what, response)).toString();
    if (!response.ok) throw refusal(what, status, body);
    const answer = objectIn(what, status, body);
    const token = answer["token"] ?? answer["access_token"];
    if (typeof token !== "string") throw refusal(what, status, "the token server answered without a token");
    return token;
  }

  /** Name and password go along at once: a registry that wants them needs no second request. */
  #basic(): string | undefined {
    const { credentials } = this.#options;
    if (credentials?.kind !== "password") return undefined;
    return `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString("base64")}`;
  }
}

/** A body is read under the patience of its request, and may end before its end. */
async function bodyOf(what: string, response: Response): Promise<Buffer> {
  try {
    return Buffer.from(await response.arrayBuffer());
  } catch (cause) {
    throw unreachable(what, cause);
  }
}

/** Docker's name for its hub is not the host that answers. */
function addressOf(host: string): string {
  if (host === "docker.io") return "https://registry-1.docker.io";
  return /^(?:localhost|127(?:\.\d+){3}|\[::1\])(?::\d+)?$/.test(host) ? `http://${host}` : `https://${host}`;
}
