import { createHash } from "node:crypto";

import { decodeLedger, encodeLedger } from "../../packages/asset-sync/src/ledger/format.ts";
import type { Ledger, LedgerFile } from "../../packages/asset-sync/src/ledger/ledger.ts";
import { merge } from "../../packages/asset-sync/src/ledger/merge.ts";
import { contribution } from "../../packages/asset-sync/src/plan/contribution.ts";
import { makePlan } from "../../packages/asset-sync/src/plan/plan.ts";
import type { Asset } from "../../packages/asset-sync/src/scan/asset.ts";
import { interleave } from "./interleave.ts";
import type { BenchResult, BenchSettings } from "./result.ts";
import { spreadOf } from "./summary.ts";

const KEYS = 50_000;
const RELEASES = 20;
const ROUNDS = 15;
const CHANGED = 50;

const HEADERS = {
  "cache-control": "public, max-age=31536000, immutable",
  "content-type": "text/javascript; charset=utf-8",
};

/** What the ledger of 50,000 keys in 20 releases costs a sync that adds one release with 50 new files. */
export async function bench({ rounds = ROUNDS }: BenchSettings): Promise<BenchResult> {
  const { ledger, assets } = sample();
  const stored = await encodeLedger(ledger);
  const timings = await interleave(
    [
      { name: "read, plan and write", run: async () => void (await wholeTurn(stored, assets)) },
      { name: "read", run: () => void decodeLedger(stored, "here") },
      { name: "write", run: async () => void (await encodeLedger(ledger)) },
    ],
    rounds,
  );
  const [turn] = timings;
  const figures = {
    "stored bytes": stored.length,
    "ms to read, plan and write (median)": Math.round(spreadOf(turn?.samples ?? []).median),
    "ms to read, plan and write (best)": Math.round(Math.min(...(turn?.samples ?? []))),
  };
  return { versions: {}, timings, figures };
}

function wholeTurn(stored: Buffer, assets: readonly Asset[]): Promise<Buffer> {
  const ledger = decodeLedger(stored, "here");
  const plan = makePlan(assets, ledger, { release: "next", allowChanged: false, refresh: false });
  return encodeLedger(merge(ledger, contribution(plan, assets, ledger, { at: RELEASES, optionsOf: () => undefined })));
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** Keys with the 64 digits of Sprockets, the longest there are, and random digests: what packs worst. */
function sample(): { readonly ledger: Ledger; readonly assets: readonly Asset[] } {
  const keys = Array.from({ length: KEYS }, (_, n) => `assets/pages/component_${n % 977}-${digest(`${n}`)}.js`);
  keys.sort();
  const files = new Map<string, LedgerFile>(
    keys.map((key, n) => [
      key,
      { size: 1000 + (n % 9000), sha256: digest(key), revision: 1 + (n % RELEASES), headers: HEADERS },
    ]),
  );
  const keysOf = (release: number): readonly string[] =>
    keys.filter((_, n) => n % 10 !== 0 || n % RELEASES === release);
  const releases = new Map(Array.from({ length: RELEASES }, (_, n) => [`release-${n}`, { at: n, keys: keysOf(n) }]));
  const fresh = Array.from({ length: CHANGED }, (_, n) => `assets/pages/fresh_${n}-${digest(`fresh${n}`)}.js`);
  const assets = [...keysOf(3).slice(CHANGED), ...fresh].toSorted().map((key): Asset => {
    const { size, sha256 } = files.get(key) ?? { size: 1000, sha256: digest(key) };
    return { key, path: key, size, sha256, phase: "fingerprinted", headers: { ...HEADERS } };
  });
  return { ledger: { revision: RELEASES, files, releases }, assets };
}
