import { createHash } from "node:crypto";
import type { Agent, IncomingMessage } from "node:http";
import { PassThrough, type Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createBrotliDecompress, createGunzip } from "node:zlib";

import { messageOf } from "../errors.ts";
import { nodeHttp } from "../store/node-http.ts";

/** What a server gave a browser; digests are SHA-256 in lower-case hex. */
export interface Served {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Digest of the bytes on the wire. */
  readonly raw: string;
  /** Digest of the bytes once unpacked, or why they could not be. */
  readonly unpacked: { readonly sha256: string } | { readonly failure: string };
  /** The most bytes that were asked for, when more came: the rest was not read, and the digests are of no use. */
  readonly cutAt?: number;
}

/** How to ask. */
export interface BrowserOptions {
  /** The page that asks, for example `https://www.shop.example`. */
  readonly origin?: string;
  /** How long a server may be silent, in milliseconds. */
  readonly silence: number;
  readonly signal?: AbortSignal;
}

/** Fetches as a browser does, follows no redirect, and keeps no body. Connections are used again until `close`. */
export class Browser {
  readonly #options: BrowserOptions;
  readonly #agents = new Map<boolean, Agent>();

  constructor(options: BrowserOptions) {
    this.#options = options;
  }

  /**
   * @param atMost how many bytes on the wire are read: a body need not have an end
   * @throws whatever breaks the connection; what the server says is an answer
   */
  async get(url: URL, atMost: number): Promise<Served> {
    const message = await this.#send(url);
    const headers = Object.entries(message.headers).map(([name, value]) => [name, String(value)]);
    return {
      status: message.statusCode ?? 0,
      headers: Object.fromEntries(headers),
      ...(await readBody(message, atMost)),
    };
  }

  close(): void {
    for (const agent of this.#agents.values()) agent.destroy();
  }

  #agent(secure: boolean): Agent {
    const agent = this.#agents.get(secure) ?? new (nodeHttp(secure).Agent)({ keepAlive: true });
    this.#agents.set(secure, agent);
    return agent;
  }

  #send(url: URL): Promise<IncomingMessage> {
    const { origin, silence, signal } = this.#options;
    const headers = {
      accept: "*/*",
      "accept-encoding": "br, gzip",
      "user-agent": "Mozilla/5.0 (compatible; asset-sync)",
      ...(origin === undefined ? {} : { origin }),
    };
    const options = { headers, timeout: silence, ...(signal === undefined ? {} : { signal }) };
    return new Promise((resolve, reject) => {
      const secure = url.protocol === "https:";
      const request = nodeHttp(secure).request(url, { ...options, agent: this.#agent(secure) });
      request.on("timeout", () => request.destroy(silent(silence)));
      request.on("error", reject);
      request.on("response", resolve);
      request.end();
    });
  }
}

async function readBody(message: IncomingMessage, atMost: number): Promise<Pick<Served, "raw" | "unpacked" | "cutAt">> {
  const raw = createHash("sha256");
  const unpacked = createHash("sha256");
  const decoder = decoderOf(message.headers["content-encoding"] ?? "");
  let left = atMost;
  const upToMost = async function* (chunks: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
    for await (const chunk of chunks) {
      left -= chunk.length;
      if (left < 0) throw new Error(`more than ${atMost} bytes`);
      raw.update(chunk);
      yield chunk;
    }
  };
  const failure = await pipeline(message, upToMost, decoder, async (chunks: AsyncIterable<Buffer>) => {
    for await (const chunk of chunks) unpacked.update(chunk);
  }).then(
    () => undefined,
    (error: unknown) => (left >= 0 && isBroken(error, message) ? Promise.reject(error) : messageOf(error)),
  );
  return {
    raw: raw.digest("hex"),
    unpacked: failure === undefined ? { sha256: unpacked.digest("hex") } : { failure },
    ...(left < 0 ? { cutAt: atMost } : {}),
  };
}

function silent(milliseconds: number): Error {
  return Object.assign(new Error(`no answer in ${milliseconds} ms`), { code: "ETIMEDOUT" });
}

function decoderOf(encoding: string): Transform {
  if (encoding === "br") return createBrotliDecompress();
  return encoding === "gzip" ? createGunzip() : new PassThrough();
}

/** Whether the connection is at fault, and not the bytes that came over it. */
function isBroken(error: unknown, message: IncomingMessage): boolean {
  return !message.complete && !(error instanceof Error && "code" in error && String(error.code).startsWith("Z_"));
}
