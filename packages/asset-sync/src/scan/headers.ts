import type { Phase } from "../events.ts";
import { packingOf } from "./asset-kind.ts";
import { contentType } from "./content-type.ts";

/** What is stored and served with an object, by lower-case name. */
export type ObjectHeaders = {
  readonly "content-type": string;
  readonly "cache-control": string;
  readonly "content-encoding"?: string;
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

/** All names that `ObjectHeaders` has, in the order in which they are written. */
const NAMES: readonly (keyof ObjectHeaders)[] = ["cache-control", "content-encoding", "content-type"];

/** The same headers in one order, so that equal ones are written as equal bytes. */
export function sortedHeaders(headers: ObjectHeaders): ObjectHeaders {
  const encoding = headers["content-encoding"];
  return {
    "cache-control": headers["cache-control"],
    ...(encoding === undefined ? {} : { "content-encoding": encoding }),
    "content-type": headers["content-type"],
  };
}

/** One text for one set of headers, to compare and to sort by. */
export function headersText(headers: Readonly<Record<string, string>>): string {
  return NAMES.map((name) => headers[name] ?? "").join("\n");
}
