import { AssetSyncError } from "../errors.ts";
import type { S3Patience } from "../store/attempts.ts";
import { DELETED_AT_ONCE, type KeptObject, type Store } from "../store/store.ts";

/** Reasons that may not hold a moment later: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
const PASSING = /^(InternalError|SlowDown|ServiceUnavailable|OperationAborted|RequestTimeout)\b/;
const LATE = "time ran out";
const ROUNDS = 3;
const PAUSE_MS = 500;

/** How deletes are watched and stopped. */
export interface DeleteControl {
  readonly store: Store;
  readonly patience: S3Patience;
  /** Ends what is under way; after that nobody can tell what became of it. */
  readonly deadline: AbortSignal;
  /** No request begins later, by the store's clock, in seconds since 1970: timers stand still with a suspended process. */
  readonly beginUntil: number;
  /** Lets the request that is under way end, and begins no other. */
  readonly signal: AbortSignal | undefined;
  readonly onDeleted: (count: number) => void;
}

/** What became of deletes: the keys that are not known to be gone, and why. */
export interface NotDeleted {
  readonly kept: readonly KeptObject[];
  /** Whether a request was left without an answer, so that it may still take effect. */
  readonly unanswered: boolean;
  readonly failure: unknown;
}

/** Deletes objects, a thousand at a time. Never throws: the ledger has to be told whatever happens. */
export async function deleteAll(keys: readonly string[], control: DeleteControl): Promise<NotDeleted> {
  const kept: KeptObject[] = [];
  for (let at = 0; at < keys.length; at += DELETED_AT_ONCE) {
    const batch = keys.slice(at, at + DELETED_AT_ONCE);
    const rest = (reason: string): readonly KeptObject[] => keys.slice(at).map((key) => ({ key, reason }));
    if (control.signal?.aborted === true) {
      return { kept: [...kept, ...rest("interrupted")], unanswered: false, failure: control.signal.reason };
    }
    if (isOver(control)) return { kept: [...kept, ...rest(LATE)], unanswered: false, failure: undefined };
    try {
      const refused = await deleteBatch(batch, control);
      kept.push(...refused);
      control.onDeleted(batch.length - refused.length);
    } catch (failure) {
      if (control.deadline.aborted || isOver(control))
        return { kept: [...kept, ...rest(LATE)], unanswered: true, failure: undefined };
      const unanswered = !(failure instanceof AssetSyncError) || failure.code === "ASSET_SYNC_STORE_FAILED";
      return { kept: [...kept, ...rest("the request failed")], unanswered, failure };
    }
  }
  return { kept, unanswered: false, failure: undefined };
}

function isOver({ store, beginUntil }: DeleteControl): boolean {
  return store.now() > beginUntil;
}

async function deleteBatch(batch: readonly string[], control: DeleteControl): Promise<readonly KeptObject[]> {
  const { store, patience, deadline, beginUntil } = control;
  const kept: KeptObject[] = [];
  let asked = batch;
  for (let round = 1; asked.length > 0; round += 1) {
    const refused = await store.delete(asked, deadline, beginUntil);
    const passing = refused.filter(({ reason }) => PASSING.test(reason));
    kept.push(...refused.filter(({ reason }) => !PASSING.test(reason)));
    if (passing.length === 0 || round === ROUNDS) return [...kept, ...passing];
    await patience.pause(PAUSE_MS * round, deadline);
    asked = passing.map(({ key }) => key);
  }
  return kept;
}
