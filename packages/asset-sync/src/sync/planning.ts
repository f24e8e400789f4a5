import { rm } from "node:fs/promises";
import { join } from "node:path";

import { optionsDigest } from "../config/object-options.ts";
import type { SyncOptions } from "../config/options.ts";
import { AssetSyncError } from "../errors.ts";
import type { SyncListener } from "../events.ts";
import { EMPTY_LEDGER } from "../ledger/ledger.ts";
import { makePlan, type Plan } from "../plan/plan.ts";
import { bytesSaved, planSiblings, siblingAsset, type SiblingToMake } from "../plan/siblings.ts";
import type { Asset } from "../scan/asset.ts";
import type { CompressionResult } from "../scan/compress-file.ts";
import { compressFiles } from "../scan/compressor.ts";
import type { Scan } from "../scan/scan.ts";
import type { ReadLedger } from "./ledger-access.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/** A build's assets, with the siblings made for it, and what is to be done with them. */
export interface Planned {
  readonly assets: readonly Asset[];
  readonly plan: Plan;
}

/** Plans a scanned build against a ledger, as often as the ledger changes; what was compressed once is kept until the end. */
export class Planner implements AsyncDisposable {
  readonly #options: SyncOptions;
  readonly #scanned: Scan;
  readonly #emit: SyncListener;
  readonly #signal: AbortSignal | undefined;
  readonly #made = new Map<string, Asset | undefined>();
  #folder: string | undefined;

  constructor(options: SyncOptions, scanned: Scan, emit: SyncListener, signal: AbortSignal | undefined) {
    this.#options = options;
    this.#scanned = scanned;
    this.#emit = emit;
    this.#signal = signal;
  }

  async plan({ ledger, version }: ReadLedger): Promise<Planned> {
    const { compress, sourceMaps, refresh } = this.#options;
    const believed = refresh ? EMPTY_LEDGER : ledger;
    const found = this.#scanned.assets;
    const options = optionsDigest(this.#options.objects);
    const { known, toMake } = planSiblings(found, believed, { compress, privateMaps: sourceMaps.kind === "private" });
    await this.#make(toMake.filter(({ key }) => !this.#made.has(key)));
    const made = toMake.map(({ key }) => this.#made.get(key)).filter((asset) => asset !== undefined);
    const assets = known.length + made.length === 0 ? found : byKey([...found, ...known, ...made]);
    return { assets, plan: makePlan(assets, ledger, { ...this.#options, options, ledgerVersion: version }) };
  }

  async #make(siblings: readonly SiblingToMake[]): Promise<void> {
    if (siblings.length === 0) return;
    const bytes = siblings.reduce((sum, { of }) => sum + of.size, 0);
    this.#emit({ type: "compressing", files: siblings.length, bytes });
    this.#folder ??= await temporaryFolder();
    const folder = this.#folder;
    const before = this.#made.size;
    const jobs = siblings.map((sibling, index) => {
      const { path, size, sha256 } = sibling.of;
      return { path, size, sha256, encoding: sibling.encoding, out: join(folder, `${before + index}`), sibling };
    });
    const results = await compressFiles(jobs, this.#signal);
    const kept = jobs.map(({ sibling, out, path }, index) => {
      const asset = madeAsset(sibling, { out, path }, results[index]);
      this.#made.set(sibling.key, asset);
      return asset;
    });
    const assets = kept.filter((asset) => asset !== undefined);
    const packed = assets.reduce((sum, { size }) => sum + size, 0);
    const saved = bytesSaved([...this.#scanned.assets, ...assets]);
    this.#emit({ type: "compressed", files: assets.length, bytes: packed, saved });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#folder !== undefined) await rm(this.#folder, { recursive: true, force: true });
  }
}

/** @throws AssetSyncError ASSET_SYNC_FILE_CHANGED */
function madeAsset(
  sibling: SiblingToMake,
  { out, path }: { readonly out: string; readonly path: string },
  result: CompressionResult = { kind: "failed", reason: "its thread ended" },
): Asset | undefined {
  if (result.kind === "larger") return undefined;
  if (result.kind === "made") return siblingAsset(sibling, { ...result, path: out });
  const reason = result.kind === "failed" ? result.reason : "it has other bytes than when it was scanned";
  throw new AssetSyncError("ASSET_SYNC_FILE_CHANGED", `${path} could not be compressed: ${reason}.`);
}

function byKey(assets: readonly Asset[]): readonly Asset[] {
  return assets.toSorted((left, right) => (left.key < right.key ? -1 : 1));
}
