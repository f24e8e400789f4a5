import type { Phase } from "../events.ts";
import { isFingerprinted } from "./fingerprint.ts";
import { isManifest } from "./manifest-file.ts";

/** Encodings of precompressed siblings, by the ending they add to a name. */
const ENCODINGS: Readonly<Record<string, string>> = { ".gz": "gzip", ".br": "br" };

/** A key taken apart: what it is once unpacked, and how it is packed. */
export interface Packing {
  readonly inner: string;
  readonly encoding?: string;
}

/** Splits `app.js.br` into `app.js` and its encoding. Whether `app.js` exists is for the caller to know. */
export function packingOf(key: string): Packing {
  const ending = key.slice(-3);
  const encoding = ENCODINGS[ending];
  return encoding === undefined ? { inner: key } : { inner: key.slice(0, -3), encoding };
}

/**
 * The phase a key belongs to, by its name alone, so that scan, plan and verify agree. A manifest keeps its name while
 * its content changes, even where the name holds hex digits.
 */
export function phaseOf(key: string): Phase {
  const { inner } = packingOf(key);
  if (isManifest(inner)) return "manifest";
  return isFingerprinted(inner) ? "fingerprinted" : "plain";
}
