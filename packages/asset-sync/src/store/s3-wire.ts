import {
  request as requestHttp,
  type Agent,
  type ClientRequest,
  type IncomingMessage,
  type RequestOptions,
} from "node:http";
import { request as requestHttps } from "node:https";
import { Readable, pipeline } from "node:stream";
import { buffer } from "node:stream/consumers";

import type { S3Patience } from "./attempts.ts";
import { S3AnswerError } from "./failed-request.ts";
import { encodeKey, encodeText, type BucketAddress } from "./s3-address.ts";

/** Bytes given to a connection at a time. */
const PIECE = 64 * 1024;

/** A request for one object, before it is signed. Header names in lower case. */
export interface WireRequest {
  readonly method: "PUT" | "POST" | "DELETE";
  readonly key: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** SHA-256 of the body in lower-case hex. */
  readonly sha256: string;
}

/** A successful answer, read to its end. */
export interface WireAnswer {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** The part of the SDK's signer that is used. */
export type Sign = (
  request: {
    readonly method: string;
    readonly protocol: string;
    readonly hostname: string;
    readonly path: string;
    readonly query: Record<string, string>;
    readonly headers: Record<string, string>;
  },
  address: BucketAddress,
) => Promise<Readonly<Record<string, string>>>;

/** What a wire is made of. */
export interface WireParts {
  readonly address: BucketAddress;
  readonly agent: Agent;
  readonly patience: S3Patience;
  readonly sign: Sign;
}

/**
 * Writes to S3 with Node's own client: the layers that the SDK puts around a request cost three times what the request
 * itself does. One attempt, no more.
 */
export class S3Wire {
  readonly #parts: WireParts;

  constructor(parts: WireParts) {
    this.#parts = parts;
  }

  async send(request: WireRequest, signal: AbortSignal | undefined): Promise<WireAnswer> {
    signal?.throwIfAborted();
    const answer = await this.#exchange(await this.#options(request, signal), request.body);
    const body = (await buffer(answer)).toString();
    const status = answer.statusCode ?? 0;
    // A copy or a completed upload may turn into an error after the 200 has been sent:
    // https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html
    if (status === 200 && !/<Error>/.test(body)) return { headers: answer.headers, body };
    if (status === 204) return { headers: answer.headers, body };
    throw new S3AnswerError(status === 200 ? 500 : status, answer.headers, body);
  }

  async #options(request: WireRequest, signal: AbortSignal | undefined): Promise<RequestOptions> {
    const { address, agent, patience, sign } = this.#parts;
    const { method, query = {}, body } = request;
    const path = address.path + encodeKey(request.key);
    const protocol = address.secure ? "https:" : "http:";
    const headers = { ...request.headers, host: address.host, "x-amz-content-sha256": request.sha256 };
    const signed = await sign(
      { method, protocol, hostname: address.hostname, path, query: { ...query }, headers },
      address,
    );
    return {
      agent,
      method,
      hostname: address.hostname,
      ...(address.port === undefined ? {} : { port: address.port }),
      path: path + queryText(query),
      headers: { ...signed, "content-length": String(body.length) },
      timeout: patience.silence,
      ...(signal === undefined ? {} : { signal }),
    };
  }

  #exchange(options: RequestOptions, body: Buffer): Promise<IncomingMessage> {
    const { address, patience } = this.#parts;
    return new Promise((resolve, reject) => {
      const request = (address.secure ? requestHttps : requestHttp)(options, (answer) => {
        answer.once("error", reject);
        resolve(answer);
      });
      request.once("error", reject);
      request.once("timeout", () => request.destroy(timedOut(`nothing moved for ${patience.silence} ms`)));
      limitConnecting(request, patience.connecting, address.secure);
      giveBody(request, body);
    });
  }
}

function limitConnecting(request: ClientRequest, milliseconds: number, secure: boolean): void {
  request.once("socket", (socket) => {
    if (!socket.connecting) return;
    const timer = setTimeout(() => request.destroy(timedOut(`no connection in ${milliseconds} ms`)), milliseconds);
    for (const event of [secure ? "secureConnect" : "connect", "close"]) socket.once(event, () => clearTimeout(timer));
  });
}

/**
 * Gives a body to its connection in pieces: the connection's idle timer sees each piece go; of a single large write it
 * sees only the end, because TLS takes all of it at once.
 */
function giveBody(request: ClientRequest, body: Buffer): void {
  if (body.length <= PIECE) request.end(body);
  else pipeline(Readable.from(pieces(body)), request, () => undefined);
}

function* pieces(body: Buffer): Generator<Buffer> {
  for (let at = 0; at < body.length; at += PIECE) yield body.subarray(at, at + PIECE);
}

function queryText(query: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(query).map(([name, value]) => `${encodeText(name)}=${encodeText(value)}`);
  return pairs.length === 0 ? "" : `?${pairs.join("&")}`;
}

function timedOut(reason: string): Error {
  return Object.assign(new Error(reason), { name: "TimeoutError" });
}
