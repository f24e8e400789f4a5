import { createInvalidation, type InvalidationControl } from "../cloudfront/create-invalidation.ts";
import { invalidationOf } from "../cloudfront/invalidation.ts";
import type { SyncOptions } from "../config/options.ts";
import type { SyncListener } from "../events.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { BegunPuts } from "./begun-puts.ts";

/** What a run has done so far. */
export interface SentRun extends InvalidationControl {
  readonly options: SyncOptions;
  readonly begun: BegunPuts;
  readonly emit: SyncListener;
}

/** Has the distribution in front, if there is one, forget the plain files that were sent; `ledger` is that of before. */
export async function invalidateChanged(run: SentRun, ledger: Ledger): Promise<void> {
  const { cloudfront, target, release } = run.options;
  if (cloudfront === undefined) return;
  const invalidation = invalidationOf({ cloudfront, target: target.url, release, puts: run.begun.puts(), ledger });
  if (invalidation === undefined) return;
  const id = await createInvalidation(invalidation, run);
  const { distribution, paths } = invalidation;
  run.emit({ type: "invalidated", distribution, id, paths });
}
