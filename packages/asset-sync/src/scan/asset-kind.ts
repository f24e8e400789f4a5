import { ENCODINGS as ENCODING_NAMES, type Encoding } from "../config/definition.ts";
import type { Phase } from "../events.ts";
import { isFingerprinted } from "./fingerprint.ts";
import { isManifest } from "./manifest-file.ts";

/** The ending that a precompressed sibling adds to a name, by its encoding. */
export const SIBLING_ENDINGS: Readonly<Record<Encoding, string>> = { br: ".br", gzip: ".gz" };

const ENCODINGS: ReadonlyMap<string, Encoding> = new Map(ENCODING_NAMES.map((name) => [SIBLING_ENDINGS[name], name]));

/** A key taken apart: what it is once unpacked, and how it is packed. */
export interface Packing {
  readonly inner: string;
  readonly encoding?: Encoding;
}

/** Splits `app.js.br` into `app.js` and its encoding. Whether `app.js` exists is for the caller to know. */
export function packingOf(key: string): Packing {
  const encoding = ENCODINGS.get(key.slice(-3));
  return encoding === undefined ? { inner: key } : { inner: key.slice(0, -3), encoding };
}

const NOTHING_NAMED: ReadonlySet<string> = new Set();

/**
 * The phase a key belongs to. What a manifest made by adding a hash is fingerprinted, and so is its source map; of all
 * others the name alone decides. A manifest keeps its name while its content changes, even where it holds hex digits.
 *
 * @param fingerprinted the keys that manifests have made
 */
export function phaseOf(key: string, fingerprinted: ReadonlySet<string> = NOTHING_NAMED): Phase {
  const { inner } = packingOf(key);
  if (fingerprinted.has(inner) || fingerprinted.has(inner.replace(/\.map$/, ""))) return "fingerprinted";
  if (isManifest(inner)) return "manifest";
  return isFingerprinted(inner) ? "fingerprinted" : "plain";
}

/** Whether a key is a source map, packed or not. */
export function isSourceMap(key: string): boolean {
  return packingOf(key).inner.endsWith(".map");
}
