import { isSourceMap, packingOf } from "./asset-kind.ts";
import type { Asset } from "./asset.ts";

/** Media types whose bytes are text or as good as text; pictures, films, woff and archives are packed already. */
const TYPES: readonly RegExp[] = [
  /^text\//,
  /^application\/(javascript|json|manifest\+json|xml|wasm|rtf|vnd\.ms-fontobject|x-sh)$/,
  /^[a-z]+\/[\w.-]+\+(json|xml|text)$/,
  /^image\/(bmp|x-icon|vnd\.microsoft\.icon)$/,
  /^font\/(ttf|otf|collection)$/,
];

/** CloudFront leaves smaller files as they are: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/ServingCompressedFiles.html */
const SMALLEST = 1000;

/** Brotli at its best packs half a megabyte a second: what is larger would hold a build up for minutes. */
const LARGEST = 64 * 1024 * 1024;

/** Whether siblings are worth making of a file: text of some size that browsers ask for. Manifests and private maps are not. */
export function isCompressible(asset: Asset, privateMaps: boolean): boolean {
  const { size, phase, headers, key } = asset;
  if (size < SMALLEST || size > LARGEST || phase === "manifest" || headers["content-encoding"] !== undefined)
    return false;
  if (privateMaps && isSourceMap(key)) return false;
  const type = headers["content-type"].replace(/;.*$/, "").trim().toLowerCase();
  return TYPES.some((form) => form.test(type)) && packingOf(key).encoding === undefined;
}
