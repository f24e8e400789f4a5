import { BaseImageError, reasonOf } from "../errors.ts";

/** The registry's own words: the errors of its answer, or the beginning of whatever it sent. */
export function registryWords(status: number, body: string): string {
  try {
    const { errors } = JSON.parse(body) as {
      readonly errors?: readonly { readonly code?: string; readonly message?: string }[];
    };
    const words = errors?.map(({ code, message }) => [code, message].filter(Boolean).join(": ")) ?? [];
    if (words.length > 0) return `${status} ${words.join("; ")}`;
  } catch {
    // Proxies in front of a registry answer with pages.
  }
  const text = body
    .replaceAll(/<[^>]*>/g, " ")
    .replaceAll(/\s+/g, " ")
    .trim();
  return `${status}${text === "" ? "" : ` ${text.slice(0, 200)}`}`;
}

/** An answer that is not what was asked for, as an error that names the registry, the thing and the registry's words. */
export function refusal(what: string, status: number, body: string): BaseImageError {
  const words = registryWords(status, body);
  if (status === 401 || status === 403) {
    return new BaseImageError("BASE_IMAGE_REGISTRY_DENIED", `${what}: the registry refuses: ${words}`);
  }
  return new BaseImageError("BASE_IMAGE_REGISTRY_FAILED", `${what}: the registry answered ${words}`);
}

/** The object that an answer is as JSON. What else it is stays unsaid: it may hold a token. */
export function objectIn(what: string, status: number, body: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value === "object" && value !== null) return { ...value };
  } catch {
    // Proxies in front of a registry answer with pages.
  }
  throw refusal(what, status, "with no JSON object");
}

/** OpenSSL's words for an answer that is no TLS. */
const NO_TLS: ReadonlySet<unknown> = new Set(["ERR_SSL_WRONG_VERSION_NUMBER", "ERR_SSL_PACKET_LENGTH_TOO_LONG"]);

/** A registry that does not answer at all, or not over HTTPS. */
export function unreachable(what: string, cause: unknown): BaseImageError {
  const inner = cause instanceof Error && cause.cause !== undefined ? cause.cause : cause;
  if (inner instanceof Error && "code" in inner && NO_TLS.has(inner.code)) {
    const message = `${what}: the registry speaks plain HTTP; only localhost, 127.* and [::1] are spoken to so, every other host over HTTPS`;
    return new BaseImageError("BASE_IMAGE_REGISTRY_UNREACHABLE", message, { cause });
  }
  const code = inner instanceof Error && "code" in inner ? ` (${String(inner.code)})` : "";
  const message = `${what}: the registry does not answer: ${reasonOf(inner)}${code}`;
  return new BaseImageError("BASE_IMAGE_REGISTRY_UNREACHABLE", message, { cause });
}
