import { extname } from "node:path/posix";

import type { SourceMapRule } from "../config/content-options.ts";
import type { Phase } from "../events.ts";
import { isSourceMap, packingOf, phaseOf } from "./asset-kind.ts";
import { DigestTable } from "./digest-table.ts";
import type { FileDigest } from "./digest.ts";
import type { HeaderRules } from "./header-rules.ts";
import { headersText, objectHeaders, type ObjectHeaders } from "./headers.ts";
import { pathOf, type FoundFile } from "./walk.ts";

/** A file as it will be stored. */
export interface Asset {
  /** The key below the target's prefix: the path below the public folder, with slashes. */
  readonly key: string;
  /** Where the bytes are; "" for a sibling that is known to be at the target and was not made again. */
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
  readonly phase: Phase;
  readonly headers: ObjectHeaders;
  /** Set for a sibling that was made here: other bytes that unpack to the same would be as good. */
  readonly made?: true;
}

/** A file as it was found: what many files have the same is held once, what can be worked out is not held at all. */
class FoundAsset implements Asset {
  readonly key: string;
  readonly size: number;
  readonly phase: Phase;
  readonly headers: ObjectHeaders;
  readonly #at: string;
  readonly #digests: DigestTable;
  readonly #digest: number;

  constructor(asset: Omit<Asset, "path">, file: FoundFile, digests: DigestTable) {
    this.key = asset.key;
    this.size = asset.size;
    this.phase = asset.phase;
    this.headers = asset.headers;
    this.#at = file.at;
    this.#digests = digests;
    this.#digest = digests.add(asset.sha256);
  }

  get path(): string {
    // Whatever comes before it, the last name of the key is that of the file.
    return pathOf({ key: this.key, at: this.#at });
  }

  get sha256(): string {
    return this.#digests.at(this.#digest);
  }
}

/** What decides how a file is stored, besides its name. */
export interface AssetRules {
  readonly headers: HeaderRules;
  readonly sourceMaps: SourceMapRule;
  /** Keys that manifests have made by adding a hash. */
  readonly fingerprinted: ReadonlySet<string>;
  /** All keys of the build. */
  readonly there: ReadonlySet<string>;
}

/** Where a file is stored: nowhere when it is a source map that is dropped, below a prefix when it is a private one. */
export function storedKey(key: string, rule: SourceMapRule): string | undefined {
  if (rule.kind === "public" || !isSourceMap(key)) return key;
  return rule.kind === "drop" ? undefined : rule.prefix + key;
}

/** Makes assets of files. Equal headers are one object for all of them: a build has a hundred thousand files and ten sets. */
export function assetMaker(rules: AssetRules): (file: FoundFile, read: FileDigest) => Asset | undefined {
  const sets = new Map<string, ObjectHeaders>();
  const shared = (headers: ObjectHeaders): ObjectHeaders => {
    const text = headersText(headers);
    const known = sets.get(text);
    if (known === undefined) sets.set(text, headers);
    return known ?? headers;
  };
  const digests = new DigestTable();
  const kinds = new Map<string, ObjectHeaders>();
  // Phase, packing and ending decide: what they lead to is worked out once for all files that have them.
  const usualHeaders = (key: string, phase: Phase, packed: boolean): ObjectHeaders => {
    const { inner, encoding } = packingOf(key);
    const kind = `${phase} ${packed ? encoding : ""} ${extname(packed ? inner : key)}`;
    const known = kinds.get(kind) ?? shared(objectHeaders(key, phase, packed));
    kinds.set(kind, known);
    return known;
  };
  return (file, { size, sha256 }) => {
    const { key } = file;
    const stored = storedKey(key, rules.sourceMaps);
    if (stored === undefined) return undefined;
    const phase = phaseOf(key, rules.fingerprinted);
    const { inner } = packingOf(key);
    const packed = inner !== key && rules.there.has(inner);
    const usual = usualHeaders(key, phase, packed);
    const ruled = rules.headers(packed ? inner : key, phase, usual);
    const headers = ruled === usual ? usual : shared(ruled);
    return new FoundAsset({ key: stored, size, sha256, phase, headers }, file, digests);
  };
}
