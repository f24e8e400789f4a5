import type { SyncOptions } from "../config/options.ts";
import { AssetSyncError } from "../errors.ts";
import type { SyncListener, SyncSummary } from "../events.ts";
import { LEDGER_KEY } from "../ledger/ledger.ts";
import { contribution } from "../plan/contribution.ts";
import { makePlan, type Plan } from "../plan/plan.ts";
import { scan, type Scan } from "../scan/scan.ts";
import { PATIENCE, type S3Patience } from "../store/attempts.ts";
import { openStore } from "../store/open-store.ts";
import { readOnlyStore } from "../store/read-only-store.ts";
import { requestCounter } from "../store/request-counter.ts";
import type { Store } from "../store/store.ts";
import { BegunPuts } from "./begun-puts.ts";
import { checkPlace } from "./target-place.ts";
import { endFailedRun } from "./failed-run.ts";
import { orInterruption } from "./interruption.ts";
import { readLedger, readLedgerToWrite, recordLedger, type ReadLedger } from "./ledger-access.ts";
import type { RepairScope } from "./ledger-repair.ts";
import { Gate } from "./gate.ts";
import { locatedTarget } from "./located-target.ts";
import { runPhases } from "./phases.ts";
import { makeReceipt, writeReceipt } from "./receipt.ts";

/** How a run is watched and stopped. */
export interface RunControl {
  readonly onEvent?: SyncListener;
  readonly signal?: AbortSignal;
  /** How long to wait for S3 and how often to ask; the usual for what is left out. */
  readonly patience?: Partial<S3Patience>;
}

/** Each attempt that loses means that another build's ledger was written, so this many builds can meet at once. */
const LEDGER_ATTEMPTS = 200;
const LONGEST_PAUSE_MS = 500;

/** AWS refuses with 409 while another write is under way; a refusal that stays without a new ledger has no such reason. */
const UNEXPLAINED_REFUSALS = 8;

interface Run {
  readonly options: SyncOptions;
  readonly store: Store;
  readonly emit: SyncListener;
  readonly signal: AbortSignal | undefined;
  readonly begun: BegunPuts;
  readonly gate: Gate;
  readonly patience: S3Patience;
}

/** Says what a sync would do; reads the asset folders and the ledger, writes nothing. */
export async function plan(options: SyncOptions, control: RunControl = {}): Promise<Plan> {
  const { made } = await withRun({ ...options, dryRun: true }, control, planOnce);
  return made;
}

/**
 * Brings the assets of a build to the target: fingerprinted files, plain files, manifests, the ledger, the receipt, each
 * step only after the one before it. Safe to repeat, to interrupt, and to run at the same time as others.
 *
 * @returns the summary, which is also the last event
 * @throws AssetSyncError
 */
export async function sync(options: SyncOptions, control: RunControl = {}): Promise<SyncSummary> {
  const began = performance.now();
  const counter = requestCounter();
  return withRun(
    options,
    control,
    async (run) => {
      const { scanned, read, made } = await planOnce(run);
      if (!options.dryRun) {
        const version = await carryOut(run, scanned, read, made).catch(async (error: unknown) => {
          throw await endFailedRun(orInterruption(error, run.signal, doing(options)), run.store, run.begun);
        });
        const target = await locatedTarget(options.target, run.store);
        await writeReceipt(options.receipt, makeReceipt(options.release, target, version, scanned.assets));
        run.emit({ type: "receipt-written", file: options.receipt });
      }
      const { begun } = run;
      const puts = options.dryRun
        ? made.puts
        : begun.all().flatMap(({ put }) => (begun.copied.has(put.key) ? [] : [put]));
      const copied = options.dryRun ? made.copies.length : begun.copied.size;
      const summary: SyncSummary = {
        type: "summary",
        release: options.release,
        target: options.target.url,
        dryRun: options.dryRun,
        uploaded: puts.length,
        copied,
        unchanged: scanned.assets.length - puts.length - copied,
        bytes: puts.reduce((sum, put) => sum + put.size, 0),
        seconds: Math.round(performance.now() - began) / 1000,
        requests: counter.counts(),
      };
      run.emit(summary);
      return summary;
    },
    counter,
  );
}

async function withRun<T>(
  options: SyncOptions,
  control: RunControl,
  work: (run: Run) => Promise<T>,
  counter: ReturnType<typeof requestCounter> = requestCounter(),
): Promise<T> {
  const gate = new Gate();
  const patience = { ...PATIENCE, ...control.patience };
  const { encryption } = options.objects;
  const opened = openStore(options.target, counter, {
    patience,
    ...(encryption === undefined ? {} : { encryption }),
    onThrottle: () => gate.note("throttled"),
  });
  const store = options.dryRun ? readOnlyStore(opened) : opened;
  const emit = control.onEvent ?? (() => undefined);
  try {
    return await work({ options, store, emit, signal: control.signal, begun: new BegunPuts(), gate, patience });
  } catch (error) {
    throw orInterruption(error, control.signal, doing(options));
  } finally {
    store.close();
  }
}

function doing({ release }: SyncOptions): string {
  return `The sync of ${release}`;
}

async function planOnce(run: Run): Promise<{ readonly scanned: Scan; readonly read: ReadLedger; readonly made: Plan }> {
  const { options, store, emit, signal } = run;
  const scanned = await scan(options, signal);
  await checkPlace(options.target, options.publicDir, scanned.folders);
  emit({ type: "scanned", files: scanned.assets.length, bytes: scanned.bytes, skipped: scanned.skipped });
  for (const finding of scanned.findings) emit({ type: "finding", ...finding });
  const read = await (options.dryRun
    ? readLedger(store, signal)
    : readLedgerToWrite(store, repairScope(run, scanned), signal));
  const { files, releases } = read.ledger;
  emit({ type: "ledger-read", key: store.locate(LEDGER_KEY), files: files.size, releases: releases.size });
  const made = makePlan(scanned.assets, read.ledger, options);
  emit({
    type: "planned",
    puts: made.puts.length,
    copies: made.copies.length,
    unchanged: made.unchanged.length,
    bytes: made.bytes,
  });
  return { scanned, read, made };
}

function repairScope({ emit }: Run, { folders, assets }: Scan): RepairScope {
  return { folders, keys: assets.map(({ key }) => key), emit };
}

/** Sends and records until the ledger holds this release; returns the ledger's version. */
async function carryOut(run: Run, scanned: Scan, first: ReadLedger, firstPlan: Plan): Promise<string> {
  const { options, store, emit, signal, patience } = run;
  let read = first;
  let made = firstPlan;
  let unexplained = 0;
  for (let attempt = 1; attempt <= LEDGER_ATTEMPTS; attempt += 1) {
    if (!made.recordsRelease && read.version !== undefined) return read.version;
    await send(run, read, made);
    const at = Math.floor(Date.now() / 1000);
    const version = await recordLedger(store, read, contribution(made, scanned.assets, read.ledger, at), signal);
    if (version !== undefined) {
      emit({ type: "ledger-written", key: store.locate(LEDGER_KEY), version });
      return version;
    }
    emit({ type: "ledger-conflict", key: store.locate(LEDGER_KEY), attempt });
    await patience.pause(Math.random() * Math.min(LONGEST_PAUSE_MS, 20 * 2 ** attempt), signal);
    const before = read.version;
    read = await readLedgerToWrite(store, repairScope(run, scanned), signal);
    unexplained = read.version === before ? unexplained + 1 : 0;
    if (unexplained === UNEXPLAINED_REFUSALS) throw noConditionalWrites(store);
    made = makePlan(scanned.assets, read.ledger, options);
  }
  throw new AssetSyncError(
    "ASSET_SYNC_LEDGER_CONTENDED",
    `Ledger ${store.locate(LEDGER_KEY)} was written by others ${LEDGER_ATTEMPTS} times in a row.`,
  );
}

function noConditionalWrites(store: Store): AssetSyncError {
  return new AssetSyncError(
    "ASSET_SYNC_STORE_FAILED",
    `Writing ${store.locate(LEDGER_KEY)} is refused as if another build had written it, but it has not changed.`,
    {
      hint: "The endpoint does not seem to support conditional writes (If-Match, If-None-Match), which the ledger needs.",
    },
  );
}

/**
 * Sends what this run has not sent yet, or what another build has sent since. Revisions tell, not digests: others may
 * have changed the bytes and changed them back.
 */
async function send(run: Run, read: ReadLedger, made: Plan): Promise<void> {
  const { store, emit, signal, begun, gate } = run;
  const { allowChanged, objects: attributes } = run.options;
  const revisionOf = (key: string): number | undefined => read.ledger.files.get(key)?.revision;
  const puts = [...made.puts, ...made.copies].filter(({ key }) => !begun.hasArrived(key, revisionOf(key)));
  await runPhases(puts, { store, allowChanged, attributes, gate, emit, signal, begun, revisionOf });
}
