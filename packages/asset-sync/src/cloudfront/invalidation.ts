import type { CloudFront } from "../config/cloudfront.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { newestFirst } from "../ledger/release-order.ts";
import { isPlain, type PlannedPut } from "../plan/plan.ts";
import { sha256 } from "../scan/digest.ts";
import { foldedPaths } from "./folded-paths.ts";

/** What a distribution is to forget. */
export interface Invalidation {
  readonly distribution: string;
  /** As CloudFront takes them: encoded, a wildcard at the end of some. */
  readonly paths: readonly string[];
  /** Of two requests with the same reference and paths CloudFront carries out, and charges, one. */
  readonly reference: string;
}

/** What an invalidation is made for. */
export interface InvalidationRequest {
  readonly cloudfront: CloudFront;
  /** The target's URL. */
  readonly target: string;
  readonly release: string;
  /** What the run has sent. */
  readonly puts: readonly PlannedPut[];
  /** As it was before the run. */
  readonly ledger: Ledger;
}

/**
 * The invalidation of the plain files that were sent; undefined where none was. Fingerprinted names stand for their bytes,
 * and manifests are never served without asking. Pure.
 */
export function invalidationOf(request: InvalidationRequest): Invalidation | undefined {
  const plain = request.puts.filter(isPlain).toSorted((left, right) => (left.key < right.key ? -1 : 1));
  if (plain.length === 0) return undefined;
  const { distribution, root } = request.cloudfront;
  const paths = foldedPaths(plain.map(({ key }) => encodedPath(root + key)));
  return { distribution, paths, reference: referenceOf(request, plain) };
}

/**
 * The same for a build that is tried again, and another one for a later change back to the same bytes: a rollback has
 * another predecessor, a build under an old name another time of that name. Files in doubt are what a failed try leaves,
 * and that has set the time.
 */
function referenceOf({ target, release, ledger }: InvalidationRequest, plain: readonly PlannedPut[]): string {
  const before = newestFirst(ledger).find(([id]) => id !== release);
  const isRepeated = plain.some(({ reason }) => reason === "in doubt");
  const own = isRepeated ? undefined : ledger.releases.get(release)?.at;
  const files = plain.map(({ key, sha256: digest }) => [key, digest]);
  const content = JSON.stringify([target, release, own, before?.[0], before?.[1].at, files]);
  return `asset-sync-${sha256(Buffer.from(content))}`;
}

/** Unsafe characters encoded and no others, as CloudFront asks for; a literal `*` would be a wildcard. */
function encodedPath(path: string): string {
  return encodeURI(path).replaceAll(/[#?*~]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`);
}
