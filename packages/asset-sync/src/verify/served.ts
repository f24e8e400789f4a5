import type { Served } from "./browser.ts";
import type { Fault } from "./verification.ts";

/** What a browser must get for a key. */
export interface Expected {
  readonly key: string;
  /** SHA-256 of the stored bytes; undefined when nobody can tell. */
  readonly sha256: string | undefined;
  /** How many bytes are stored; undefined when nobody can tell. */
  readonly size: number | undefined;
  /** The headers it is stored with; empty when nobody can tell. */
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** Types that a page gets under the rules of CORS: fonts always, the others with `crossorigin` or `type=module`. */
const NEEDS_CORS =
  /^(font\/|text\/(css|javascript)|application\/(javascript|json|manifest\+json|wasm|vnd\.ms-fontobject))/;

const ENCODINGS: ReadonlySet<string> = new Set(["", "identity", "br", "gzip"]);

/** What is wrong with an answer, as a browser sees it. Pure; `origin` is the page that asked. */
export function servedFaults(expected: Expected, served: Served, origin: string | undefined): readonly Fault[] {
  const fault = (what: string, found: string, wanted: string): readonly Fault[] => [
    { key: expected.key, what, found, expected: wanted },
  ];
  const { status, headers } = served;
  if (status !== 200) {
    const to = headers["location"] === undefined ? "" : ` to ${headers["location"]}`;
    return fault("status", `${status}${to}`, "200");
  }
  const named = (name: string): string => headers[name] ?? "none";
  const { "content-type": type, "cache-control": cache } = expected.headers;
  return [
    ...(type === undefined || sameType(type, named("content-type"))
      ? []
      : fault("content-type", named("content-type"), type)),
    ...(cache === undefined || sameDirectives(cache, named("cache-control"))
      ? []
      : fault("cache-control", named("cache-control"), cache)),
    ...encodingFault(expected, served, fault),
    ...(origin === undefined || !NEEDS_CORS.test(named("content-type")) || allows(headers, origin)
      ? []
      : fault("access-control-allow-origin", named("access-control-allow-origin"), `* or ${origin}`)),
  ];
}

/** More than packing adds to bytes that cannot be packed. */
const PACKING_ADDS = 64 * 1024;

/** No asset of a page is this large. */
const LARGEST = 5 * 1024 ** 3;

/** The most bytes that can be a right answer. */
export function mostBytes({ size }: Expected): number {
  return size === undefined ? LARGEST : size + Math.ceil(size / 1000) + PACKING_ADDS;
}

/** Bytes and their encoding: what is stored packed must come as it is, anything else may come packed. */
function encodingFault(
  { headers, sha256, size }: Expected,
  served: Served,
  fault: (what: string, found: string, wanted: string) => readonly Fault[],
): readonly Fault[] {
  const found = served.headers["content-encoding"] ?? "";
  const stored = headers["content-encoding"];
  if (stored !== undefined && found !== stored) return fault("content-encoding", found === "" ? "none" : found, stored);
  if (!ENCODINGS.has(found)) return fault("content-encoding", found, "br, gzip or none");
  if (served.cutAt !== undefined)
    return fault("bytes", `more than ${served.cutAt}`, size === undefined ? "an end" : `${size}`);
  if ("failure" in served.unpacked)
    return fault("content-encoding", `${found}: ${served.unpacked.failure}`, "sound bytes");
  const digest = stored === undefined ? served.unpacked.sha256 : served.raw;
  return sha256 === undefined || digest === sha256 ? [] : fault("bytes", digest, sha256);
}

function sameType(left: string, right: string): boolean {
  return plainType(left) === plainType(right);
}

function plainType(type: string): string {
  return type.toLowerCase().replaceAll(/[\s"]/g, "");
}

function sameDirectives(left: string, right: string): boolean {
  return directives(left) === directives(right);
}

function directives(text: string): string {
  const parts = text.toLowerCase().split(",");
  return parts
    .map((directive) => directive.trim())
    .toSorted()
    .join();
}

function allows(headers: Readonly<Record<string, string>>, origin: string): boolean {
  return ["*", origin].includes(headers["access-control-allow-origin"] ?? "");
}
