import { optionsDigest } from "../config/object-options.ts";
import type { SyncOptions } from "../config/options.ts";
import type { SyncListener, SyncSummary } from "../events.ts";
import { LEDGER_KEY, standing } from "../ledger/ledger.ts";
import { recordingTime } from "../ledger/release-order.ts";
import { contribution } from "../plan/contribution.ts";
import { plainPlan, type Plan } from "../plan/plan.ts";
import { peerRequests } from "../plan/request-estimate.ts";
import type { Scan } from "../scan/scan.ts";
import { PATIENCE, type S3Patience } from "../store/attempts.ts";
import { openStore } from "../store/open-store.ts";
import { readOnlyStore } from "../store/read-only-store.ts";
import { requestCounter, type RequestCounter } from "../store/request-counter.ts";
import type { Store } from "../store/store.ts";
import { afterCollection } from "./after-collection.ts";
import { BegunPuts } from "./begun-puts.ts";
import { endFailedRun } from "./failed-run.ts";
import { orInterruption } from "./interruption.ts";
import { invalidateChanged } from "./invalidate-changed.ts";
import {
  ledgerContended,
  noConditionalWrites,
  readLedgerToWrite,
  recordLedger,
  type ReadLedger,
} from "./ledger-access.ts";
import { Gate } from "./gate.ts";
import { locatedTarget } from "./located-target.ts";
import { runPhases } from "./phases.ts";
import { Planner, type Planned } from "./planning.ts";
import { checkRequests, outcome } from "./outcome.ts";
import { checkSame, type SavedPlan } from "./saved-plan.ts";
import { repairScope, scanAndRead } from "./scan-beside-ledger.ts";
import { removeReceipt, writeReceipt } from "./receipt-file.ts";
import { makeReceipt } from "./receipt.ts";

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
  readonly counter: RequestCounter;
  /** What is to be cleared away however the run ends. */
  readonly clearing: AsyncDisposable[];
}

/** What a run begins with. */
interface FirstPlan {
  readonly scanned: Scan;
  readonly planner: Planner;
  readonly read: ReadLedger;
  readonly planned: Planned;
}

/** Says what a sync would do, as a value that serialises as JSON; reads the asset folders and the ledger, writes nothing. */
export async function plan(options: SyncOptions, control: RunControl = {}): Promise<Plan> {
  return withRun({ ...options, dryRun: true }, control, async (run) => plainPlan((await planOnce(run)).planned.plan));
}

/**
 * Brings the assets of a build to the target: fingerprinted files, plain files, manifests, the ledger, the receipt, each
 * step only after the one before it. Safe to repeat, to interrupt, and to run at the same time as others.
 *
 * @returns the summary, which is also the last event
 * @throws AssetSyncError
 */
export async function sync(options: SyncOptions, control: RunControl = {}): Promise<SyncSummary> {
  return syncChecked(options, control, () => undefined);
}

/**
 * Carries out a plan that was made before, as `sync` would, if it is still what a sync would do.
 *
 * @throws AssetSyncError ASSET_SYNC_PLAN_STALE, naming what has changed since
 */
export async function apply(saved: SavedPlan, control: RunControl = {}): Promise<SyncSummary> {
  return syncChecked({ ...saved.options, dryRun: false }, control, (now) => checkSame(saved.plan, now));
}

/** As `sync`, but `check` may throw for what was planned before anything is sent. */
async function syncChecked(
  options: SyncOptions,
  control: RunControl,
  check: (plan: Plan) => void,
): Promise<SyncSummary> {
  const began = performance.now();
  return withRun(options, control, async (run) => {
    if (!options.dryRun) await removeReceipt(options.receipt);
    const first = await planOnce(run);
    check(first.planned.plan);
    checkRequests(first.planned.plan, options);
    const { assets } = options.dryRun ? first.planned : await bring(run, first);
    const summary: SyncSummary = {
      type: "summary",
      release: options.release,
      target: options.target.url,
      dryRun: options.dryRun,
      ...outcome(assets, run.begun, options.dryRun ? first.planned.plan : undefined),
      seconds: Math.round(performance.now() - began) / 1000,
      requests: run.counter.counts(),
      peers: peerRequests(assets, first.read.ledger),
    };
    run.emit(summary);
    return summary;
  });
}

/** Carries the plan out and writes the receipt. */
async function bring(run: Run, first: FirstPlan): Promise<Planned> {
  const { options, emit, signal } = run;
  const { planned, version } = await carryOut(run, first).catch(async (error: unknown) => {
    const ended = { ...run, invalidates: options.cloudfront !== undefined };
    throw await endFailedRun(orInterruption(error, signal, doing(options)), ended);
  });
  const target = locatedTarget(options.target, run.store);
  await writeReceipt(options.receipt, makeReceipt(options.release, target, version, planned.assets));
  emit({ type: "receipt-written", file: options.receipt });
  return planned;
}

async function withRun<T>(options: SyncOptions, control: RunControl, work: (run: Run) => Promise<T>): Promise<T> {
  const counter = requestCounter();
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
  const { signal } = control;
  const clearing: AsyncDisposable[] = [];
  try {
    return await work({ options, store, emit, signal, begun: new BegunPuts(), gate, patience, counter, clearing });
  } catch (error) {
    throw orInterruption(error, control.signal, doing(options));
  } finally {
    store.close();
    for (const one of clearing) await one[Symbol.asyncDispose]();
  }
}

function doing({ release }: SyncOptions): string {
  return `The sync of ${release}`;
}

async function planOnce(run: Run): Promise<FirstPlan> {
  const { options, emit, signal, clearing } = run;
  const { scanned, read } = await scanAndRead(run);
  const planner = new Planner(options, scanned, emit, signal);
  clearing.push(planner);
  const planned = await planner.plan(read);
  const { puts, copies, unchanged, bytes } = planned.plan;
  emit({ type: "planned", puts: puts.length, copies: copies.length, unchanged: unchanged.length, bytes });
  return { scanned, planner, read, planned };
}

/** What the ledger came to hold, and its version. */
interface Recorded {
  readonly planned: Planned;
  readonly version: string;
}

/** Lets no cache in front go on serving what has been replaced. */
async function carryOut(run: Run, first: FirstPlan): Promise<Recorded> {
  const recorded = await record(run, first);
  await invalidateChanged(run, first.read.ledger);
  return recorded;
}

/** Sends and records until the ledger holds this release. */
async function record(run: Run, { planner, scanned, ...first }: FirstPlan): Promise<Recorded> {
  const { store, emit, signal, patience } = run;
  let { read, planned } = first;
  let unexplained = 0;
  for (let attempt = 1; attempt <= LEDGER_ATTEMPTS; attempt += 1) {
    if (!planned.plan.recordsRelease && read.version !== undefined) return { planned, version: read.version };
    ({ read, planned } = await afterCollection({ read, planned }, run, async () => {
      const now = await readLedgerToWrite(store, repairScope(scanned, emit), signal);
      return { read: now, planned: await planner.plan(now) };
    }));
    await send(run, read, planned.plan);
    const at = recordingTime(read.ledger, planned.plan.release, Math.floor(store.now()));
    const added = contribution(planned.plan, planned.assets, read.ledger, { at, optionsOf: optionsOf(run) });
    const version = await recordLedger(store, read, added, signal);
    if (version !== undefined) {
      emit({ type: "ledger-written", key: store.locate(LEDGER_KEY), version });
      return { planned, version };
    }
    emit({ type: "ledger-conflict", key: store.locate(LEDGER_KEY), attempt });
    await patience.pause(Math.random() * Math.min(LONGEST_PAUSE_MS, 20 * 2 ** attempt), signal);
    const before = read.version;
    read = await readLedgerToWrite(store, repairScope(scanned, emit), signal);
    // Where conditions are ignored, the object that has the version never changes.
    const isExplained = read.version !== before || read.ledger.conditions === "ignored";
    unexplained = isExplained ? 0 : unexplained + 1;
    if (unexplained === UNEXPLAINED_REFUSALS) throw noConditionalWrites(store);
    planned = await planner.plan(read);
  }
  throw ledgerContended(store, LEDGER_ATTEMPTS);
}

/** Stands for what the object of a key got from this run: of one that was there already nobody knows what it has. */
function optionsOf({ options, begun }: Run): (key: string) => string | undefined {
  const given = optionsDigest(options.objects);
  return (key) => (begun.unsent.get(key) === "present" ? undefined : given);
}

/**
 * Sends what this run has not sent yet, or what another build has sent since. Revisions tell, not digests: others may
 * have changed the bytes and changed them back.
 */
async function send(run: Run, read: ReadLedger, made: Plan): Promise<void> {
  const { store, emit, signal, begun, gate } = run;
  const { allowChanged, objects: attributes } = run.options;
  const standingOf = (key: string): number => standing(read.ledger, key);
  const puts = made.copies.length === 0 ? made.puts : [...made.puts, ...made.copies];
  await runPhases(puts, { store, allowChanged, attributes, gate, emit, signal, begun, standing: standingOf });
}
