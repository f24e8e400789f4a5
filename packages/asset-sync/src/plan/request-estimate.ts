import type { Ledger } from "../ledger/ledger.ts";
import type { Asset } from "../scan/asset.ts";
import { isPlain, type Plan } from "./plan.ts";

/** A page of a listing has this many keys: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html */
const KEYS_PER_PAGE = 1000;

/** Requests that others would have needed for the same, computed and not measured. */
export interface PeerRequests {
  /** The gem asset_sync with existing_remote_files keep: one listing to look at, one to go through, a PUT per new name. */
  readonly assetSync: number;
  /** `aws s3 sync` in a CI, where every file is newer than what is stored: one listing, a PUT per file. */
  readonly awsS3Sync: number;
}

/** Pure. The target is taken to hold just what the ledger knows; what else lies there makes both need more. */
export function peerRequests(assets: readonly Asset[], ledger: Ledger): PeerRequests {
  const pages = Math.max(1, Math.ceil(ledger.files.size / KEYS_PER_PAGE));
  const added = assets.filter(({ key }) => !ledger.files.has(key)).length;
  return { assetSync: 1 + pages + added, awsS3Sync: pages + assets.length };
}

/**
 * Requests that a sync needs for a plan, when none fails and no file is large: the ledger read, the files, the ledger
 * written, and where a CDN `invalidates`, one for the plain files.
 */
export function plannedRequests({ puts, copies, recordsRelease }: Plan, invalidates: boolean): number {
  const forgets = invalidates && (puts.some(isPlain) || copies.some(isPlain));
  return 1 + puts.length + copies.length + (recordsRelease ? 1 : 0) + (forgets ? 1 : 0);
}
