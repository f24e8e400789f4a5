import type { Agent, IncomingHttpHeaders, IncomingMessage } from "node:http";

import { sha256 } from "../scan/digest.ts";
import type { S3Patience } from "./attempts.ts";
import { S3AnswerError } from "./failed-request.ts";
import type { ConnectionPool } from "./http/connection-pool.ts";
import { limitConnecting, timedOut } from "./http/limit-connecting.ts";
import { messageHead } from "./http/message-head.ts";
import { nodeHttp } from "./node-http.ts";
import { wholeText } from "./whole-body.ts";
import type { RequestCounter, RequestKind } from "./request-counter.ts";
import { endWith } from "./ended-requests.ts";
import { encodeKey, encodeQuery, type BucketAddress } from "./s3-address.ts";
import type { UnsignedRequest } from "./s3-signature.ts";

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
  /** For what is read. */
  readonly agent: Agent;
  /** For what is written. */
  readonly pool: ConnectionPool;
  readonly counter: RequestCounter;
  readonly patience: S3Patience;
  /** Gives the headers to send. */
  readonly sign: (request: UnsignedRequest) => Promise<Record<string, string>>;
  /** Called with the headers of each answer. */
  readonly onAnswer: (headers: IncomingHttpHeaders) => void;
}

const NO_BYTES = Buffer.alloc(0);
const NOTHING: WireContent = { body: NO_BYTES, sha256: sha256(NO_BYTES) };

/** A request as it is sent. */
interface SignedRequest {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Speaks to S3. One attempt, no more. What is read comes by Node's own client, as a stream; what is written, which is short and
 * comes in thousands, goes over connections of our own, which take half of that client's CPU for it.
 */
export class S3Wire {
  readonly #parts: WireParts;

  constructor(parts: WireParts) {
    this.#parts = parts;
  }

  /** A successful answer, of which only the headers have been read. */
  async read(request: WireRequest, signal: AbortSignal | undefined): Promise<IncomingMessage> {
    const signed = await this.#begin(request, signal);
    const answer = await this.#ask(signed, signal);
    const { statusCode = 0, headers } = answer;
    this.#parts.onAnswer(headers);
    if (!isSuccess(statusCode)) throw new S3AnswerError(statusCode, headers, await wholeText(answer));
    return answer;
  }

  /** A successful answer to a request for one thing, with all that it says. */
  async send(request: WireRequest, signal: AbortSignal | undefined): Promise<WireAnswer> {
    const { headers, body } = await (request.method === "GET"
      ? this.#readWhole(request, signal)
      : this.write(request, signal));
    // A copy or a completed upload may turn into an error after the 200 has been sent:
    // https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html
    if (body.includes("<Error>")) throw new S3AnswerError(500, headers, body);
    return { headers, body };
  }

  /** A successful answer with all that it says, which may be errors of single objects. */
  async write(request: WireRequest, signal: AbortSignal | undefined): Promise<WireAnswer> {
    const signed = await this.#begin(request, signal);
    const message = { head: messageHead(signed), body: (request.content ?? NOTHING).body };
    const { status, headers, body } = await this.#parts.pool.exchange(message, signal);
    this.#parts.onAnswer(headers);
    if (!isSuccess(status)) throw new S3AnswerError(status, headers, body);
    return { headers, body };
  }

  async #readWhole(request: WireRequest, signal: AbortSignal | undefined): Promise<WireAnswer> {
    const answer = await this.read(request, signal);
    return { headers: answer.headers, body: await wholeText(answer) };
  }

  async #begin(request: WireRequest, signal: AbortSignal | undefined): Promise<SignedRequest> {
    signal?.throwIfAborted();
    const { address, counter, sign } = this.#parts;
    const { method, content = NOTHING } = request;
    const path = address.path + encodeKey(request.key);
    const query = encodeQuery(request.query ?? {});
    const headers = { ...request.headers, host: address.host, "x-amz-content-sha256": content.sha256 };
    const signed = await sign({ method, path, query, headers });
    if (method !== "GET" && method !== "HEAD") signed["content-length"] = String(content.body.length);
    counter.add(kindOf(request));
    return { method, path: query === "" ? path : `${path}?${query}`, headers: signed };
  }

  #ask(signed: SignedRequest, signal: AbortSignal | undefined): Promise<IncomingMessage> {
    const { address, agent, patience } = this.#parts;
    const { secure, hostname, port } = address;
    const timeout = patience.silence;
    const options = { agent, hostname, ...(port === undefined ? {} : { port }), ...signed, timeout };
    return new Promise((resolve, reject) => {
      const request = nodeHttp(secure).request(options, (answer) => {
        answer.once("error", reject);
        resolve(answer);
      });
      request.once("error", reject);
      request.once("timeout", () => request.destroy(timedOut(`nothing moved for ${patience.silence} ms`)));
      request.once("socket", (socket) => {
        if (socket.connecting) limitConnecting(socket, patience.connecting, secure);
      });
      if (signal !== undefined) {
        const forget = endWith(signal, (reason) => request.destroy(reason));
        request.once("close", forget);
      }
      request.end();
    });
  }
}

function isSuccess(status: number): boolean {
  return status === 200 || status === 204;
}

/** Beginning and ending an upload in parts counts as putting. */
function kindOf({ method, query, headers }: WireRequest): RequestKind {
  if (method === "POST" && query?.["delete"] !== undefined) return "delete";
  if (method === "GET") return query?.["list-type"] === undefined ? "get" : "list";
  if (method === "HEAD") return "head";
  if (method === "DELETE") return "delete";
  return headers?.["x-amz-copy-source"] === undefined ? "put" : "copy";
}
