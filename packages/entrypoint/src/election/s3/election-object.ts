import { credentialsOf } from "../../aws/credentials.ts";
import { sendRequest, type HttpAnswer } from "../../aws/http-request.ts";
import { signingClock } from "../../aws/signing-clock.ts";
import { signRequest } from "../../aws/sign-request.ts";
import { EntrypointError, messageOf, printable } from "../../errors.ts";
import { ElectionLost } from "../store.ts";
import { readS3Address, s3AddressName } from "./address.ts";
import { NO_STATE, parseState, type S3State } from "./state.ts";

/** What the object was when it was last seen; an empty tag when it was not there. */
export interface Version {
  readonly etag: string;
  readonly state: S3State;
}

/** The one object of a task, read and written by comparison. */
export interface ElectionObject {
  /** Reads it, or finds that it is as it was `known`. */
  read(known: Version | undefined, signal: AbortSignal): Promise<Version>;
  /**
   * Writes it if it is still as it was `before`. Resolves to `undefined` when it is not, unless `state.write` says that an
   * earlier try of the same write has arrived.
   */
  write(before: Version, state: S3State, signal: AbortSignal): Promise<Version | undefined>;
  /** Whether the server refuses to make what is there already, as it has to. */
  keepsConditions(version: Version, signal: AbortSignal): Promise<boolean>;
}

const CHANGED: ReadonlySet<number> = new Set([409, 412]);

type Send = (
  method: string,
  parts: { readonly headers: Record<string, string>; readonly body: string },
  signal: AbortSignal,
) => Promise<HttpAnswer>;

/** The object `PREFIX/TASK.json` at an address. */
export function electionObject(url: string, task: string, env: Readonly<NodeJS.ProcessEnv>): ElectionObject {
  const send = sender(url, task, env);
  const read = async (known: Version | undefined, signal: AbortSignal): Promise<Version> => {
    const headers: Record<string, string> =
      known === undefined || known.etag === "" ? {} : { "if-none-match": known.etag };
    const answer = await send("GET", { headers, body: "" }, signal);
    if (answer.status === 304 && known !== undefined) return known;
    if (answer.status === 404) return { etag: "", state: NO_STATE };
    return { etag: tagOf(answer), state: parse(answer.body, s3AddressName(url, env)) };
  };
  const put = (etag: string, state: S3State, signal: AbortSignal): Promise<HttpAnswer> => {
    const condition: Record<string, string> = etag === "" ? { "if-none-match": "*" } : { "if-match": etag };
    return send(
      "PUT",
      { headers: { ...condition, "content-type": "application/json" }, body: JSON.stringify(state) },
      signal,
    );
  };
  return {
    read,
    write: async (before, state, signal) => {
      const sent = await put(before.etag, state, signal).catch((error: unknown) => asLoss(error, signal));
      if (!(sent instanceof ElectionLost) && !CHANGED.has(sent.status)) return { etag: tagOf(sent), state };
      const now = await read(undefined, signal);
      if (now.state.write === state.write) return now;
      if (!(sent instanceof ElectionLost) || now.etag !== before.etag) return undefined;
      throw sent;
    },
    keepsConditions: async ({ state }, signal) => CHANGED.has((await put("", state, signal)).status),
  };
}

function asLoss(error: unknown, signal: AbortSignal): ElectionLost {
  signal.throwIfAborted();
  if (error instanceof EntrypointError) throw error;
  return new ElectionLost(messageOf(error), { cause: error });
}

function sender(url: string, task: string, env: Readonly<NodeJS.ProcessEnv>): Send {
  const { bucket, prefix, endpoint, region, pathStyle } = readS3Address(url, env);
  const key = [...prefix.split("/").filter(Boolean), `${task}.json`].map(encode).join("/");
  const at = new URL(endpoint);
  if (!pathStyle) at.host = `${bucket}.${at.host}`;
  at.pathname = pathStyle ? `/${bucket}/${key}` : `/${key}`;
  const credentials = credentialsOf(env);
  const clock = signingClock();
  return async (method, { headers, body }, signal) => {
    const request = { method, url: at, headers, body };
    const send = async (): Promise<HttpAnswer> => {
      const scope = { service: "s3", region, now: clock.now() };
      return sendRequest(signRequest(request, await credentials(signal), scope), signal);
    };
    const first = await send();
    const answer = clock.correct(codeIn(first), first.headers["date"]) ? await send() : first;
    refuse(answer, s3AddressName(url, env));
    return answer;
  };
}

/** The code of a refusal; empty when there is none. */
function codeIn({ body }: HttpAnswer): string {
  return /<Code>([^<]+)<\/Code>/.exec(body)?.[1] ?? "";
}

/** Percent-encodes all but what RFC 3986 calls unreserved. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** Request ids as Ceph's gateway makes them. */
const CEPH_REQUEST_ID = /^tx[0-9a-f]{21}-/;

/** The tag as the server wants it back: RFC 9110 has it in quotes, Ceph compares a condition with the bare tag. */
function tagOf({ headers }: HttpAnswer): string {
  const tag = String(headers["etag"] ?? "");
  return CEPH_REQUEST_ID.test(String(headers["x-amz-request-id"])) ? tag.replaceAll('"', "") : tag;
}

function parse(body: string, address: string): S3State {
  try {
    return parseState(body);
  } catch (cause) {
    const message = `what is at ${address} is not an election's: ${messageOf(cause)}`;
    throw new EntrypointError("ENTRYPOINT_ELECTION_REFUSED", {
      message,
      hint: "Name another prefix in the address.",
      cause,
    });
  }
}

const GRANT = "Allow s3:GetObject and s3:PutObject on the objects below the address, and s3:ListBucket on the bucket.";

const HINTS: Readonly<Record<string, string>> = {
  NoSuchBucket: "Make the bucket, or correct its name in the address.",
};

/** @throws ElectionLost for what may pass; EntrypointError for what does not */
function refuse(answer: HttpAnswer, address: string): void {
  const { status } = answer;
  if (status < 300 || status === 304 || CHANGED.has(status)) return;
  const code = codeIn(answer);
  if (status === 404 && code !== "NoSuchBucket") return;
  const said = `${address} answered ${String(status)}${code === "" ? "" : ` (${printable(code)})`}`;
  if (status >= 500 || status === 429) throw new ElectionLost(said);
  const hint = HINTS[code] ?? GRANT;
  throw new EntrypointError("ENTRYPOINT_ELECTION_REFUSED", { message: said, hint });
}
