import { setTimeout as pause } from "node:timers/promises";

import type { Encryption } from "../config/object-options.ts";
import { nearestSpelling } from "../config/spelling.ts";
import type { Target } from "../config/target.ts";
import { AssetSyncError } from "../errors.ts";
import { isPinned, type Ledger, type ReleaseRecord } from "../ledger/ledger.ts";
import { newestFirst } from "../ledger/release-order.ts";
import { openStore } from "../store/open-store.ts";
import { requestCounter } from "../store/request-counter.ts";
import { orInterruption } from "./interruption.ts";
import { ledgerContended, readLedger, recordLedger } from "./ledger-access.ts";

const ATTEMPTS = 50;
const LONGEST_PAUSE_MS = 200;
const NAMED_AT_MOST = 5;

/** Letters of a commit that git shows at least. A shorter beginning, as v1 of v10, is a name of its own. */
const SHORT_COMMIT = 7;

/** What to do to a release. */
export interface PinRequest {
  readonly release: string;
  /** Whether it is to be kept whatever its age. */
  readonly pinned: boolean;
}

/**
 * Pins a release, or lets go of it. The ledger is encrypted with `encryption`, by the bucket's default unless given.
 *
 * @returns whether that changed anything
 * @throws AssetSyncError ASSET_SYNC_RELEASE_MISSING when the ledger does not know the release
 */
export async function pin(
  target: Target,
  request: PinRequest,
  control: { readonly signal?: AbortSignal; readonly encryption?: Encryption } = {},
): Promise<boolean> {
  const { signal, encryption } = control;
  const store = openStore(target, requestCounter(), encryption === undefined ? {} : { encryption });
  try {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const read = await readLedger(store, signal);
      const added = pinning(read.ledger, request, target.url);
      if (added === undefined) return false;
      if ((await recordLedger(store, read, added, signal)) !== undefined) return true;
      await pause(Math.random() * LONGEST_PAUSE_MS, undefined, signal === undefined ? {} : { signal });
    }
    throw ledgerContended(store, ATTEMPTS);
  } catch (error) {
    throw orInterruption(error, signal, `${request.pinned ? "Pinning" : "Unpinning"} ${request.release}`);
  } finally {
    store.close();
  }
}

/** What a ledger has to be merged with to pin a release or to let go of it; undefined when it is so already. Pure. */
export function pinning(ledger: Ledger, { release, pinned }: PinRequest, place: string): Ledger | undefined {
  const record = ledger.releases.get(release);
  if (record === undefined) throw unknownRelease(ledger, release, place);
  if (isPinned(record) === pinned) return undefined;
  const counted: ReleaseRecord = { at: record.at, pins: (record.pins ?? 0) + 1, keys: record.keys };
  return { revision: 0, files: new Map(), releases: new Map([[release, counted]]) };
}

function unknownRelease(ledger: Ledger, release: string, place: string): AssetSyncError {
  const ids = newestFirst(ledger).map(([id]) => id);
  const begun = release.length < SHORT_COMMIT ? [] : ids.filter((id) => id.startsWith(release));
  // Another number is another release.
  const alike = ids.filter((id) => numbersIn(id) === numbersIn(release));
  const near = begun.length === 1 ? begun[0] : nearestSpelling(release, alike);
  const rest = ids.length > NAMED_AT_MOST ? ` and ${ids.length - NAMED_AT_MOST} more` : "";
  const others = ids.length === 0 ? "it knows none." : `it knows ${ids.slice(0, NAMED_AT_MOST).join(", ")}${rest}.`;
  const known = near === undefined ? others : `did you mean ${near}?`;
  return new AssetSyncError(
    "ASSET_SYNC_RELEASE_MISSING",
    `The ledger of ${place} knows no release ${JSON.stringify(release)}; ${known}`,
  );
}

function numbersIn(release: string): string {
  return (release.match(/\d+/g) ?? []).join(" ");
}
