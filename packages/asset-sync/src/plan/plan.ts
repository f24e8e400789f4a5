import { AssetSyncError, listed } from "../errors.ts";
import type { Phase, PutReason } from "../events.ts";
import { UNKNOWN_DIGEST, type Ledger, type LedgerFile } from "../ledger/ledger.ts";
import { isNewest } from "../ledger/release-order.ts";
import { sameHeaders, type ObjectHeaders } from "../scan/headers.ts";
import type { Asset } from "../scan/asset.ts";

/** One file to send, and why. */
export interface PlannedPut extends Asset {
  readonly reason: PutReason;
  /** Send it only if nothing is there: a fingerprinted name of which the ledger does not know the bytes. */
  readonly onlyIfAbsent: boolean;
}

/** A planned file that looks at its asset for all that is the asset's: a build may have a hundred thousand of them. */
class AssetPut implements PlannedPut {
  readonly #asset: Asset;
  readonly reason: PutReason;
  readonly onlyIfAbsent: boolean;
  declare readonly made?: true;

  constructor(asset: Asset, reason: PutReason, onlyIfAbsent: boolean) {
    this.#asset = asset;
    this.reason = reason;
    this.onlyIfAbsent = onlyIfAbsent;
    if (asset.made === true) this.made = true;
  }

  get key(): string {
    return this.#asset.key;
  }

  get path(): string {
    return this.#asset.path;
  }

  get size(): number {
    return this.#asset.size;
  }

  get sha256(): string {
    return this.#asset.sha256;
  }

  get phase(): Phase {
    return this.#asset.phase;
  }

  get headers(): ObjectHeaders {
    return this.#asset.headers;
  }
}

/** The same plan as a value that stands alone: it can be taken apart, compared, and written as JSON. */
export function plainPlan(plan: Plan): Plan {
  return { ...plan, puts: plan.puts.map((put) => plainPut(put)), copies: plan.copies.map((put) => plainPut(put)) };
}

function plainPut({ key, path, size, sha256, phase, headers, reason, onlyIfAbsent, made }: PlannedPut): PlannedPut {
  const put = { key, path, size, sha256, phase, headers, reason, onlyIfAbsent };
  return made === undefined ? put : { ...put, made };
}

/** What a sync will do. */
export interface Plan {
  readonly format: "slipway-plan/1";
  readonly release: string;
  readonly puts: readonly PlannedPut[];
  /** Files whose bytes are there with other headers or options: these are changed in place. */
  readonly copies: readonly PlannedPut[];
  /** Keys that are there already, as they should be. */
  readonly unchanged: readonly string[];
  /** Bytes that the puts hold. */
  readonly bytes: number;
  /** Whether the ledger has to be written: something is sent, or the release is not its newest. */
  readonly recordsRelease: boolean;
  /** The ledger that the plan was made for, and the releases it knew; no version where there was none. */
  readonly ledger: { readonly version?: string; readonly releases: readonly string[] };
}

/** What a plan is made for. */
export interface PlanRequest {
  readonly release: string;
  /** Lets a fingerprinted name get other bytes. */
  readonly allowChanged: boolean;
  /** Believes the ledger in nothing: what is there is sent again, or looked at where its name stands for its bytes. */
  readonly refresh: boolean;
  /** Stands for what objects are to get beside bytes and headers. */
  readonly options?: string | undefined;
  /** The version of the ledger, if there is one. */
  readonly ledgerVersion?: string | undefined;
}

const NAMED_AT_MOST = 5;

/**
 * Compares a scan with a ledger. Pure.
 *
 * @param assets sorted by key
 * @throws AssetSyncError ASSET_SYNC_ASSETS_EMPTY when nothing was scanned but releases exist, ASSET_SYNC_BYTES_DIFFER
 * when a fingerprinted name has other bytes, unless `allowChanged`
 */
export function makePlan(assets: readonly Asset[], ledger: Ledger, request: PlanRequest): Plan {
  const { release } = request;
  checkNotEmpty(assets, ledger);
  const conflicts: Asset[] = [];
  const puts: PlannedPut[] = [];
  const copies: PlannedPut[] = [];
  const unchanged: string[] = [];
  for (const asset of assets) {
    const known = ledger.files.get(asset.key);
    const reason = putReason(asset, known, request);
    if (reason === "changed bytes" && isImmutable(asset)) conflicts.push(asset);
    if (reason === undefined) unchanged.push(asset.key);
    else if (isInPlace(reason)) copies.push(new AssetPut(asset, reason, false));
    else puts.push(new AssetPut(asset, reason, isImmutable(asset) && isUnknown(known)));
  }
  if (conflicts.length > 0 && !request.allowChanged) throw bytesDiffer(conflicts, ledger);
  return {
    format: "slipway-plan/1",
    release,
    puts,
    copies,
    unchanged,
    bytes: puts.reduce((sum, put) => sum + put.size, 0),
    recordsRelease: puts.length + copies.length > 0 || !isRecorded(release, assets, ledger),
    ledger: knownLedger(ledger, request.ledgerVersion),
  };
}

/**
 * Whether the newest release of a ledger is this one, with all of its assets. One that was rolled back to has to become the
 * newest again, or collections would count it as superseded.
 */
function isRecorded(release: string, assets: readonly Asset[], ledger: Ledger): boolean {
  if (!isNewest(ledger, release)) return false;
  const keys = ledger.releases.get(release)?.keys ?? [];
  // Both are sorted.
  let at = 0;
  return assets.every(({ key }) => {
    while ((keys[at] ?? key) < key) at += 1;
    return keys[at] === key;
  });
}

function knownLedger(ledger: Ledger, version: string | undefined): Plan["ledger"] {
  return { ...(version === undefined ? {} : { version }), releases: [...ledger.releases.keys()].toSorted() };
}

function checkNotEmpty(assets: readonly Asset[], ledger: Ledger): void {
  if (assets.length === 0 && ledger.files.size + ledger.releases.size > 0) {
    throw new AssetSyncError(
      "ASSET_SYNC_ASSETS_EMPTY",
      `The asset folders hold no file, but the target holds ${ledger.files.size} of ${ledger.releases.size} releases.`,
    );
  }
}

/** Whether a file keeps its name from release to release, and may be kept by whoever was served it. */
export function isPlain({ phase }: PlannedPut): boolean {
  return phase === "plain";
}

/** Whether the bytes can stay where they are. */
export function isInPlace(reason: PutReason): boolean {
  return reason === "changed headers" || reason === "changed options";
}

function putReason(
  asset: Asset,
  known: LedgerFile | undefined,
  { refresh, options }: PlanRequest,
): PutReason | undefined {
  if (known === undefined) return "new";
  if (isUnknown(known)) return "in doubt";
  if (known.sha256 !== asset.sha256) return "changed bytes";
  if (refresh) return "refresh";
  if (!sameHeaders(known.headers, asset.headers)) return "changed headers";
  return known.options === options ? undefined : "changed options";
}

/** Whether the name stands for these bytes and no others. */
function isImmutable({ phase, made }: Asset): boolean {
  return phase === "fingerprinted" && made !== true;
}

function isUnknown(known: LedgerFile | undefined): boolean {
  return known === undefined || known.sha256 === UNKNOWN_DIGEST;
}

function bytesDiffer(conflicts: readonly Asset[], ledger: Ledger): AssetSyncError {
  const lines = conflicts.map(({ key, sha256 }) => differenceText(key, ledger.files.get(key)?.sha256 ?? "", sha256));
  return new AssetSyncError(
    "ASSET_SYNC_BYTES_DIFFER",
    `${conflicts.length} fingerprinted name(s) already stand for other bytes:${listed(lines, NAMED_AT_MOST)}`,
  );
}

/** The two digests of one key, to be listed below a message. */
export function differenceText(key: string, stored: string, local: string): string {
  return `${JSON.stringify(key)}\n    stored ${stored}\n    local  ${local}`;
}
