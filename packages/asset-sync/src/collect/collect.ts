import type { Encryption } from "../config/object-options.ts";
import type { Target } from "../config/target.ts";
import type { AssetSyncError } from "../errors.ts";
import type { CollectionListener, CollectionSummary } from "../events.ts";
import { LEDGER_KEY } from "../ledger/ledger.ts";
import { PATIENCE, type S3Patience } from "../store/attempts.ts";
import { openStore } from "../store/open-store.ts";
import { requestCounter, type RequestCounter } from "../store/request-counter.ts";
import type { Store } from "../store/store.ts";
import { orInterruption } from "../sync/interruption.ts";
import { ledgerContended, readLedger, replaceLedger, type ReadLedger } from "../sync/ledger-access.ts";
import { probeConditions } from "../sync/conditions.ts";
import { narrowed, planCollection, type CollectionPlan } from "./collection-plan.ts";
import { deleteAll, type NotDeleted } from "./delete-objects.ts";
import { conditionsIgnored, refusalOf } from "./guards.ts";
import { BEGIN_WITHIN_SECONDS, endedLedger, hasClaim, markedLedger, newClaimId } from "./mark.ts";
import { runningReleases, type RunningSource } from "./running-images.ts";
import { storedObjects } from "./stored-objects.ts";
import { unfinished } from "./unfinished.ts";

/** What to keep, and how much may go. */
export interface CollectOptions {
  readonly target: Target;
  /** The last so many releases, at least 1. */
  readonly keep: number;
  /** Releases that were among those less than so many seconds ago. */
  readonly minAge: number;
  /** More are not deleted, and then none. */
  readonly maxDelete: number;
  /** Each is asked what runs; releases of which an image runs are kept. */
  readonly runningFrom: readonly RunningSource[];
  readonly encryption?: Encryption;
  /** Says that all collections before have ended, killed ones too: nobody waits any longer for what they were deleting. */
  readonly takeOver?: boolean;
}

/** How a collection is watched and stopped. */
export interface CollectControl {
  readonly onEvent?: CollectionListener;
  readonly signal?: AbortSignal;
  readonly patience?: Partial<S3Patience>;
}

const LEDGER_ATTEMPTS = 50;
const LONGEST_PAUSE_MS = 500;

interface Run {
  readonly options: CollectOptions;
  readonly store: Store;
  readonly counter: RequestCounter;
  readonly patience: S3Patience;
  readonly emit: CollectionListener;
  readonly signal: AbortSignal | undefined;
}

/** What a collection would do, or why it would not. */
export interface PlannedCollection {
  readonly plan: CollectionPlan;
  /** What {@link collect} would throw in place of deleting anything. */
  readonly refusal?: AssetSyncError;
}

/**
 * Says what a collection would delete; writes nothing.
 *
 * @param planned as for {@link collect}
 */
export async function planCollect(
  options: CollectOptions,
  control: CollectControl = {},
  planned?: CollectionPlan,
): Promise<PlannedCollection> {
  return withRun(options, control, async (run) => {
    const { plan, refusal } = await planOnce(run, planned);
    return { plan, ...(refusal === undefined ? {} : { refusal }) };
  });
}

/**
 * Deletes what no release needs that has to be kept. The ledger forgets it first; a build that needs some of it again
 * waits until the deletes are over and sends it anew. Safe to repeat, to interrupt and to run beside builds and others.
 *
 * @param planned a plan made before: nothing that it does not name is deleted
 * @throws AssetSyncError; with exit code 3 nothing was touched
 */
export async function collect(
  options: CollectOptions,
  control: CollectControl = {},
  planned?: CollectionPlan,
): Promise<CollectionSummary> {
  return withRun(options, control, async (run) => {
    const { plan, at, revision } = await mark(run, planned);
    const notDeleted = revision === undefined ? NOTHING : await deleteMarked(run, plan, at);
    const notEnded = revision === undefined ? undefined : await failureOf(end(run, { revision, ...notDeleted }));
    if (notEnded !== undefined || notDeleted.kept.length > 0) throw unfinished(plan, notDeleted, notEnded);
    const summary: CollectionSummary = {
      type: "summary",
      target: options.target.url,
      releases: plan.dropped.length,
      deleted: plan.keys.length + plan.leftOver.length,
      bytes: plan.bytes,
      left: plan.left,
      requests: run.counter.counts(),
    };
    run.emit(summary);
    return summary;
  });
}

const NOTHING: NotDeleted = { kept: [], unanswered: false, failure: undefined };

interface PlannedOnce {
  readonly plan: CollectionPlan;
  readonly read: ReadLedger;
  readonly refusal: AssetSyncError | undefined;
}

async function planOnce(run: Run, planned: CollectionPlan | undefined): Promise<PlannedOnce> {
  const { options, store, emit, signal } = run;
  const read = await readLedger(store, signal);
  const { files, releases } = read.ledger;
  emit({ type: "ledger-read", key: store.locate(LEDGER_KEY), files: files.size, releases: releases.size });
  const tasks = await Promise.all(options.runningFrom.map((source) => source(signal)));
  const rules = { ...options, running: runningReleases(tasks.flat(), read.ledger) };
  const stored = await storedObjects(store, read.ledger, signal);
  const made = planCollection(read.ledger, rules, { stored, now: store.now() });
  const plan = planned === undefined ? made : narrowed(made, planned, { ledger: read.ledger, stored });
  return { plan, read, refusal: refusalOf(plan, read.ledger, options.maxDelete, options.target.url) };
}

/** A plan in a ledger; without `revision` there was nothing to take out of it. */
interface Marked {
  readonly plan: CollectionPlan;
  readonly at: number;
  readonly revision: number | undefined;
}

/** Takes what is to be deleted out of the ledger. */
async function mark(run: Run, planned: CollectionPlan | undefined): Promise<Marked> {
  const { store, emit, signal } = run;
  for (let attempt = 1; attempt <= LEDGER_ATTEMPTS; attempt += 1) {
    const { plan, read, refusal } = await planOnce(run, planned);
    if (refusal !== undefined) throw refusal;
    const { keys, leftOver, dropped, bytes, left } = plan;
    const files = keys.length + leftOver.length;
    emit({ type: "collection-planned", releases: dropped.length, files, bytes, left });
    if (read.version === undefined || files + dropped.length === 0) {
      return { plan, at: 0, revision: undefined };
    }
    await checkConditions(run, read);
    const at = store.now();
    const id = newClaimId();
    const next = markedLedger(read.ledger, plan, { id, now: at, takesOver: run.options.takeOver ?? false });
    const written = await replaceLedger(store, read.version, next, signal);
    // A request whose answer was lost is made again, and refused because it had its effect.
    if (written !== undefined || hasClaim((await readLedger(store, signal)).ledger, id)) {
      return { plan, at, revision: next.revision };
    }
    await pauseAfter(run, attempt);
  }
  throw ledgerContended(store, LEDGER_ATTEMPTS);
}

/** Marking takes rows away, which only an endpoint that keeps to conditions can be trusted with. */
async function checkConditions({ store, options, signal }: Run, { ledger }: ReadLedger): Promise<void> {
  if (ledger.conditions === "kept" || store.conditions() === "kept") return;
  if ((await probeConditions(store, signal)) === "ignored") throw conditionsIgnored(options.target.url);
}

async function deleteMarked(run: Run, { keys, leftOver }: CollectionPlan, at: number): Promise<NotDeleted> {
  const { store, patience, signal, emit } = run;
  const deadline = AbortSignal.timeout(BEGIN_WITHIN_SECONDS * 1000);
  const all = [...new Set([...keys, ...leftOver])].toSorted();
  const beginUntil = at + BEGIN_WITHIN_SECONDS;
  const onDeleted = (count: number): void => emit({ type: "deleted", count });
  return deleteAll(all, { store, patience, deadline, beginUntil, signal, onDeleted });
}

async function failureOf(work: Promise<void>): Promise<unknown> {
  return work.then(
    () => undefined,
    (error: unknown) => error,
  );
}

/** Says in the ledger that the deletes are over, also after a signal: builds may be waiting for it. */
async function end(
  run: Run,
  { revision, kept, unanswered }: NotDeleted & { readonly revision: number },
): Promise<void> {
  // What may still take effect ends with the mark's own time.
  if (unanswered) return;
  const mine = { revision, notDeleted: kept.map(({ key }) => key) };
  for (let attempt = 1; attempt <= LEDGER_ATTEMPTS; attempt += 1) {
    const read = await readLedger(run.store);
    const next = endedLedger(read.ledger, mine, run.store.now());
    if (next === undefined || read.version === undefined) return;
    if ((await replaceLedger(run.store, read.version, next)) !== undefined) return;
    await pauseAfter({ ...run, signal: undefined }, attempt);
  }
  throw ledgerContended(run.store, LEDGER_ATTEMPTS);
}

async function pauseAfter({ patience, signal }: Run, attempt: number): Promise<void> {
  await patience.pause(Math.random() * Math.min(LONGEST_PAUSE_MS, 20 * 2 ** attempt), signal);
}

async function withRun<T>(
  options: CollectOptions,
  control: CollectControl,
  work: (run: Run) => Promise<T>,
): Promise<T> {
  const counter = requestCounter();
  const patience = { ...PATIENCE, ...control.patience };
  const { encryption, target } = options;
  const store = openStore(target, counter, { patience, ...(encryption === undefined ? {} : { encryption }) });
  const { signal } = control;
  try {
    return await work({ options, store, counter, patience, emit: control.onEvent ?? (() => undefined), signal });
  } catch (error) {
    throw orInterruption(error, signal, "The collection");
  } finally {
    store.close();
  }
}
