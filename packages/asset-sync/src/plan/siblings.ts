import type { Encoding } from "../config/definition.ts";
import { UNKNOWN_DIGEST, type Ledger } from "../ledger/ledger.ts";
import { SIBLING_ENDINGS } from "../scan/asset-kind.ts";
import type { Asset } from "../scan/asset.ts";
import { isCompressible } from "../scan/compressible.ts";
import { sameHeaders } from "../scan/headers.ts";

/** A sibling that has to be made from a file to know whether it is any smaller. */
export interface SiblingToMake {
  readonly of: Asset;
  readonly key: string;
  readonly encoding: Encoding;
}

/** The siblings that a build gets beside those it came with. */
export interface SiblingPlan {
  /** Those that the target has of just these files: nothing is to be made or sent. */
  readonly known: readonly Asset[];
  readonly toMake: readonly SiblingToMake[];
}

/**
 * Which siblings to make. Pure. A sibling of a fingerprinted file that the ledger knows, and that is no older than the
 * file's own row, holds the same content: compressing it again could only find that out, and another version of the
 * compressor would find other bytes.
 */
export function planSiblings(
  assets: readonly Asset[],
  ledger: Ledger,
  { compress, privateMaps }: { readonly compress: readonly Encoding[]; readonly privateMaps: boolean },
): SiblingPlan {
  const there = new Set(compress.length === 0 ? [] : assets.map(({ key }) => key));
  const known: Asset[] = [];
  const toMake: SiblingToMake[] = [];
  for (const asset of assets) {
    if (compress.length === 0 || !isCompressible(asset, privateMaps)) continue;
    for (const encoding of compress) {
      const key = `${asset.key}${SIBLING_ENDINGS[encoding]}`;
      if (there.has(key)) continue;
      const row = knownSibling(asset, { of: asset, key, encoding }, ledger);
      if (row === undefined) toMake.push({ of: asset, key, encoding });
      else known.push(row);
    }
  }
  return { known, toMake };
}

/** The asset that a sibling is, given its bytes. */
export function siblingAsset(
  { of, key, encoding }: SiblingToMake,
  bytes: { readonly path: string; readonly size: number; readonly sha256: string },
): Asset {
  const { path, size, sha256 } = bytes;
  const headers = { ...of.headers, "content-encoding": encoding };
  return { key, path, size, sha256, phase: of.phase, headers, made: true };
}

function knownSibling(asset: Asset, sibling: SiblingToMake, ledger: Ledger): Asset | undefined {
  const file = ledger.files.get(asset.key);
  const row = ledger.files.get(sibling.key);
  if (asset.phase !== "fingerprinted" || file?.sha256 !== asset.sha256) return undefined;
  if (row === undefined || row.sha256 === UNKNOWN_DIGEST || row.revision < file.revision) return undefined;
  const known = siblingAsset(sibling, { path: "", size: row.size, sha256: row.sha256 });
  return sameHeaders(known.headers, row.headers) ? known : undefined;
}

/** Bytes that browsers are spared: of each file that has siblings, what the smallest of them saves. Pure. */
export function bytesSaved(assets: readonly Asset[]): number {
  const endings = Object.values(SIBLING_ENDINGS);
  const siblings = assets.filter(({ key }) => endings.some((ending) => key.endsWith(ending)));
  if (siblings.length === 0) return 0;
  const sizes = new Map(siblings.map(({ key, size }) => [key, size]));
  return assets.reduce((sum, { key, size }) => {
    const packed = endings.map((ending) => sizes.get(key + ending) ?? size);
    return sum + Math.max(0, size - Math.min(...packed));
  }, 0);
}
