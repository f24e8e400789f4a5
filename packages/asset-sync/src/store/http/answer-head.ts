import { FIELD_NAME } from "./field-name.ts";

/** How the body of an answer ends: after so many bytes, with its last chunk, or with the connection. */
export type Framing = { readonly kind: "length"; readonly bytes: number } | { readonly kind: "chunked" | "close" };

/** The first lines of an answer. Header names in lower case; what comes more than once is joined by commas, or is a {@link FIRST_ONLY}. */
export interface AnswerHead {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly framing: Framing;
  /** Whether the connection stays for another request. */
  readonly persistent: boolean;
}

const STATUS_LINE = /^HTTP\/1\.([01]) ([1-5]\d\d)(?: |$)/;
const SHOWN = 40;

/** What an answer can have only one of: the first counts, as for Node's own client. */
const FIRST_ONLY: ReadonlySet<string> = new Set(["etag", "location", "retry-after"]);

/**
 * Reads the head of an answer to a request that may have a body in its answer. Pure.
 * https://datatracker.ietf.org/doc/html/rfc9112
 *
 * @throws an error with the code NOT_HTTP
 */
export function readAnswerHead(text: string): AnswerHead {
  const [first = "", ...lines] = text.split("\r\n");
  const [, minor, status = ""] = STATUS_LINE.exec(first) ?? [];
  if (minor === undefined) throw notHttp(first);
  const headers = readHeaders(lines);
  const framing = framingOf(Number(status), headers);
  const connection = (headers["connection"] ?? "").toLowerCase();
  const stays = minor === "1" ? !connection.includes("close") : connection.includes("keep-alive");
  return { status: Number(status), headers, framing, persistent: stays && framing.kind !== "close" };
}

function readHeaders(lines: readonly string[]): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const colon = line.indexOf(":");
    const name = line.slice(0, colon).toLowerCase();
    if (colon === -1 || !FIELD_NAME.test(name)) throw notHttp(line);
    const value = line.slice(colon + 1).trim();
    const before: unknown = headers[name];
    if (typeof before !== "string") headers[name] = value;
    else if (!FIRST_ONLY.has(name)) headers[name] = `${before}, ${value}`;
  }
  return headers;
}

function framingOf(status: number, headers: Readonly<Record<string, string>>): Framing {
  const { "transfer-encoding": coding, "content-length": length } = headers;
  if (status === 204 || status === 304) return { kind: "length", bytes: 0 };
  if (coding !== undefined) {
    // With a length beside it, somebody on the way may have read another answer.
    if (coding.toLowerCase() !== "chunked" || length !== undefined) throw notHttp(`transfer-encoding: ${coding}`);
    return { kind: "chunked" };
  }
  if (length === undefined) return { kind: "close" };
  const [bytes = "", ...others] = length.split(/\s*,\s*/);
  if (!/^\d{1,15}$/.test(bytes) || others.some((other) => other !== bytes)) throw notHttp(`content-length: ${length}`);
  return { kind: "length", bytes: Number(bytes) };
}

/** An answer that is none of HTTP/1.1, shown by its beginning. */
export function notHttp(said: string): Error {
  const shown = JSON.stringify(said.length > SHOWN ? `${said.slice(0, SHOWN)}…` : said);
  return Object.assign(new Error(`the answer has ${shown}, which is no HTTP/1.1`), { code: "NOT_HTTP" });
}
