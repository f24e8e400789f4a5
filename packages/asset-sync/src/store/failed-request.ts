/** What errors of Node, of the SDK's credential chain and answers of S3 have in common. */
export interface FailedRequest {
  /** The code of S3's answer, or the name of an error. */
  readonly name: string;
  /** Of the system, for example `ECONNRESET`. */
  readonly code: string | undefined;
  readonly message: string;
  readonly status: number | undefined;
  readonly attempts: number | undefined;
  readonly retryAfterMs: number | undefined;
  /** Where a redirect leads. */
  readonly location: string | undefined;
}

/** An answer of S3 that is an error, in the shape of the SDK's errors. */
export class S3AnswerError extends Error {
  readonly Code: string;
  readonly $metadata: { readonly httpStatusCode: number; attempts?: number };
  readonly $response: { readonly headers: Readonly<Record<string, unknown>> };

  constructor(status: number, headers: Readonly<Record<string, unknown>>, body: string) {
    super(element(body, "Message") ?? `HTTP status ${status}`);
    // The answer to a HEAD has no body that could tell.
    this.name = element(body, "Code") ?? (status === 404 && body === "" ? "NotFound" : `Status${status}`);
    this.Code = this.name;
    this.$metadata = { httpStatusCode: status };
    this.$response = { headers };
  }
}

/** An answer that is no failure, and none of S3's either. */
export class NotS3Error extends Error {
  override readonly name = "NotS3Error";
}

/** What an error says, whoever made it. */
export function readFailure(error: unknown): FailedRequest {
  const metadata = field(error, "$metadata");
  const headers = field(field(error, "$response"), "headers");
  const code = text(field(error, "code"));
  return {
    name: text(field(error, "Code")) ?? text(field(error, "name")) ?? "Error",
    code,
    message: text(field(error, "message")) ?? code ?? "no further answer",
    status: number(field(metadata, "httpStatusCode")),
    attempts: number(field(metadata, "attempts")),
    retryAfterMs: retryAfter(text(field(headers, "retry-after"))),
    location: text(field(headers, "location")),
  };
}

/** Notes how many attempts a request took, where the SDK notes it too. */
export function noteAttempts(error: unknown, attempts: number): void {
  if (typeof error !== "object" || error === null) return;
  Reflect.set(error, "$metadata", { ...Object(field(error, "$metadata")), attempts });
}

/** The text of an element in S3's XML, which has no attributes, comments or sections where this is asked. */
export function element(xml: string, name: string): string | undefined {
  const inner = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1];
  return inner?.replaceAll(/&(lt|gt|quot|apos|amp|#34|#39);/g, (entity) => ENTITIES[entity] ?? entity);
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&#34;": '"',
  "&apos;": "'",
  "&#39;": "'",
  "&amp;": "&",
};

/** Seconds or a date: RFC 9110, section 10.2.3. */
function retryAfter(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const date = time(value);
  return date === undefined ? undefined : Math.max(0, date - Date.now());
}

function time(value: string | undefined): number | undefined {
  const date = Date.parse(value ?? "");
  return Number.isNaN(date) ? undefined : date;
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function number(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}
