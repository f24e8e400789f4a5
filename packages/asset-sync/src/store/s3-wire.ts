import type { Agent, ClientRequest, IncomingHttpHeaders, IncomingMessage, RequestOptions } from "node:http";

import { sha256 } from "../scan/digest.ts";
import type { S3Patience } from "./attempts.ts";
import { S3AnswerError } from "./failed-request.ts";
import { nodeHttp } from "./node-http.ts";
import { wholeText } from "./whole-body.ts";
import type { RequestCounter, RequestKind } from "./request-counter.ts";
import { endWith } from "./ended-requests.ts";
import { encodeKey, encodeQuery, type BucketAddress } from "./s3-address.ts";
import type { UnsignedRequest } from "./s3-signature.ts";

/** Bytes given to a connection at a time. */
const PIECE = 64 * 1024;

/** A request for an object, or for the bucket when the key is "", before it is signed. Header names in lower case. */
export interface WireRequest {
  readonly method: "GET" | "HEAD" | "PUT" | "POST" | "DELETE";
  readonly key: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly content?: WireContent;
}

/** Bytes to send. */
export interface WireContent {
  readonly body: Buffer;
  /** SHA-256 of the body in lower-case hex. */
  readonly sha256: string;
}

/** A successful answer, read to its end. */
export interface WireAnswer {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What a wire is made of. */
export interface WireParts {
  readonly address: BucketAddress;
  readonly agent: Agent;
  readonly counter: RequestCounter;
  readonly patience: S3Patience;
  /** Gives the headers to send. */
  readonly sign: (request: UnsignedRequest) => Promise<Record<string, string>>;
  /** Called with the headers of each answer. */
  readonly onAnswer: (headers: IncomingHttpHeaders) => void;
}

const NO_BYTES = Buffer.alloc(0);
const NOTHING: WireContent = { body: NO_BYTES, sha256: sha256(NO_BYTES) };

/** Speaks to S3 with Node's own client. One attempt, no more. */
export class S3Wire {
  readonly #parts: WireParts;

  constructor(parts: WireParts) {
    this.#parts = parts;
  }

  /** A successful answer, of which only the headers have been read. */
  async read(request: WireRequest, signal: AbortSignal | undefined): Promise<IncomingMessage> {
    const answer = await this.#exchange(request, signal);
    const status = answer.statusCode ?? 0;
    if (status === 200 || status === 204) return answer;
    throw new S3AnswerError(status, answer.headers, await wholeText(answer));
  }

  /** A successful answer with all that it says. */
  async send(request: WireRequest, signal: AbortSignal | undefined): Promise<WireAnswer> {
    const answer = await this.read(request, signal);
    const body = await wholeText(answer);
    // A copy or a completed upload may turn into an error after the 200 has been sent:
    // https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html
    if (body.includes("<Error>")) throw new S3AnswerError(500, answer.headers, body);
    return { headers: answer.headers, body };
  }

  async #exchange(request: WireRequest, signal: AbortSignal | undefined): Promise<IncomingMessage> {
    signal?.throwIfAborted();
    const { counter, onAnswer } = this.#parts;
    const options = await this.#options(request);
    counter.add(kindOf(request));
    const answer = await this.#answer(options, (request.content ?? NOTHING).body, signal);
    onAnswer(answer.headers);
    return answer;
  }

  async #options(request: WireRequest): Promise<RequestOptions> {
    const { address, agent, patience, sign } = this.#parts;
    const { method, content = NOTHING } = request;
    const path = address.path + encodeKey(request.key);
    const query = encodeQuery(request.query ?? {});
    const headers = { ...request.headers, host: address.host, "x-amz-content-sha256": content.sha256 };
    const signed = await sign({ method, path, query, headers });
    if (method !== "GET" && method !== "HEAD") signed["content-length"] = String(content.body.length);
    return {
      agent,
      method,
      hostname: address.hostname,
      ...(address.port === undefined ? {} : { port: address.port }),
      path: query === "" ? path : `${path}?${query}`,
      // A flat list is written as it is; members of an object are looked at and noted one by one.
      headers: Object.entries(signed).flat(),
      timeout: patience.silence,
    };
  }

  #answer(options: RequestOptions, body: Buffer, signal: AbortSignal | undefined): Promise<IncomingMessage> {
    const { address, patience } = this.#parts;
    return new Promise((resolve, reject) => {
      const request = nodeHttp(address.secure).request(options, (answer) => {
        answer.once("error", reject);
        resolve(answer);
      });
      request.once("error", reject);
      request.once("timeout", () => request.destroy(timedOut(`nothing moved for ${patience.silence} ms`)));
      limitConnecting(request, patience.connecting, address.secure);
      if (signal !== undefined) endWith(signal, request);
      giveBody(request, body);
    });
  }
}

/** Beginning and ending an upload in parts counts as putting. */
function kindOf({ method, query, headers }: WireRequest): RequestKind {
  if (method === "POST" && query?.["delete"] !== undefined) return "delete";
  if (method === "GET") return query?.["list-type"] === undefined ? "get" : "list";
  if (method === "HEAD") return "head";
  if (method === "DELETE") return "delete";
  return headers?.["x-amz-copy-source"] === undefined ? "put" : "copy";
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
  let at = 0;
  const giveNext = (error?: Error | null): void => {
    if (error instanceof Error) return;
    const piece = body.subarray(at, at + PIECE);
    at += PIECE;
    if (at < body.length) request.write(piece, giveNext);
    else request.end(piece);
  };
  giveNext();
}

function timedOut(reason: string): Error {
  return Object.assign(new Error(reason), { name: "TimeoutError" });
}
