import type { ObjectHeaders } from "../scan/headers.ts";
import type { StoredHeaders } from "../store/store.ts";

/** What is wrong with an object that something else has put there. */
export type AdoptFault =
  | "wrong type"
  | "missing charset"
  | "missing cache header"
  | "short cache time"
  | "long cache time"
  | "packed in place"
  | "missing encoding"
  | "public ACL";

/** Faults that other headers repair; for the others the bytes would have to be other ones, or someone has to decide. */
export const REPAIRABLE: ReadonlySet<AdoptFault> = new Set([
  "wrong type",
  "missing charset",
  "missing cache header",
  "short cache time",
  "long cache time",
  "missing encoding",
]);

/** Browsers and CDNs ask again after so many seconds, at the earliest: a year, as a fingerprinted name allows. */
const LONG = 31_536_000;

/**
 * Compares the headers of an object with those a sync would give it. Pure.
 *
 * @param wanted what a sync would give it
 */
export function headerFaults(stored: StoredHeaders, wanted: ObjectHeaders): readonly AdoptFault[] {
  const faults = [typeFault(stored, wanted), cacheFault(stored, wanted), encodingFault(stored, wanted)];
  return faults.filter((fault) => fault !== undefined);
}

function typeFault(stored: StoredHeaders, wanted: ObjectHeaders): AdoptFault | undefined {
  const [type, charset] = mediaType(stored["content-type"] ?? "");
  const [wantedType, wantedCharset] = mediaType(wanted["content-type"]);
  if (!sameType(type, wantedType)) return "wrong type";
  return wantedCharset !== undefined && charset === undefined ? "missing charset" : undefined;
}

/** RFC 9239 makes the older names of JavaScript's type as good as the newer one. */
function sameType(type: string, wanted: string): boolean {
  const script = /^(?:application|text)\/(?:x-)?(?:java|ecma)script$/;
  return type === wanted || (script.test(type) && script.test(wanted));
}

function mediaType(text: string): readonly [type: string, charset: string | undefined] {
  const [type = "", ...parameters] = text.toLowerCase().split(";");
  return [type.trim(), parameters.find((parameter) => parameter.trim().startsWith("charset="))];
}

function cacheFault(stored: StoredHeaders, wanted: ObjectHeaders): AdoptFault | undefined {
  const said = stored["cache-control"];
  if (said === undefined || said === "") return "missing cache header";
  const [age, wantedAge] = [ageOf(said), ageOf(wanted["cache-control"])];
  if (wantedAge >= LONG) return age < LONG ? "short cache time" : undefined;
  return age > wantedAge ? "long cache time" : undefined;
}

/** Seconds for which an answer may be used without asking again. */
function ageOf(cacheControl: string): number {
  if (/\bno-(?:cache|store)\b/i.test(cacheControl)) return 0;
  return Number(/\bmax-age\s*=\s*"?(\d+)/i.exec(cacheControl)?.[1] ?? 0);
}

/** S3 serves `aws-chunked`, which clients leave behind on some servers, to no one's harm. */
function encodingFault(stored: StoredHeaders, wanted: ObjectHeaders): AdoptFault | undefined {
  const said = (stored["content-encoding"] ?? "").replace(/\baws-chunked\b,?\s*/, "");
  const expected = wanted["content-encoding"] ?? "";
  if (said === expected || said === "identity") return undefined;
  return said === "" ? "missing encoding" : "packed in place";
}
