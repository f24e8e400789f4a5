import type { Phase } from "../events.ts";
import { packingOf } from "./asset-kind.ts";
import { contentType } from "./content-type.ts";

/** The headers that an object is stored and served with, by lower-case name, in the order in which they are written. */
export const HEADER_NAMES = [
  "cache-control",
  "content-disposition",
  "content-encoding",
  "content-language",
  "content-type",
] as const;

/** One of them. */
export type HeaderName = (typeof HEADER_NAMES)[number];

/** What is stored and served with an object. */
export type ObjectHeaders = {
  readonly [name in HeaderName]?: string;
} & {
  readonly "content-type": string;
  readonly "cache-control": string;
};

const CACHE_CONTROL: Readonly<Record<Phase, string>> = {
  // RFC 8246: a fingerprinted name never changes its content.
  fingerprinted: "public, max-age=31536000, immutable",
  plain: "public, max-age=0, must-revalidate",
  manifest: "no-cache",
};

/**
 * The headers of a key. With `packed`, a `.gz` or `.br` name is the precompressed form of the file beside it and gets
 * that file's type and an encoding; without, it is an archive of its own.
 */
export function objectHeaders(key: string, phase: Phase, packed: boolean): ObjectHeaders {
  const { inner, encoding } = packingOf(key);
  const cacheControl = CACHE_CONTROL[phase];
  if (!packed || encoding === undefined) return { "content-type": contentType(key), "cache-control": cacheControl };
  return { "content-type": contentType(inner), "cache-control": cacheControl, "content-encoding": encoding };
}

/** One text for one set of headers, to compare and to sort by. */
export function headersText(headers: Readonly<Record<string, string | undefined>>): string {
  return HEADER_NAMES.map((name) => headers[name] ?? "").join("\n");
}

/** Whether two sets of headers are the same. */
export function sameHeaders(
  left: Readonly<Record<string, string | undefined>>,
  right: Readonly<Record<string, string | undefined>>,
): boolean {
  return left === right || HEADER_NAMES.every((name) => left[name] === right[name]);
}
