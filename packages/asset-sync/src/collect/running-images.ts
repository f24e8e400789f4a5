import { AssetSyncError } from "../errors.ts";
import type { Ledger } from "../ledger/ledger.ts";

/** Something that runs: a task with the images of its containers, or one line of a list. */
export interface RunningTask {
  /** Names it in errors. */
  readonly name: string;
  readonly images: readonly string[];
}

/** Where it can be asked what runs. */
export type RunningSource = (signal: AbortSignal | undefined) => Promise<readonly RunningTask[]>;

/** So many digits of a commit mean no other one by accident. */
const SHORT_COMMIT = /^[0-9a-f]{7,39}$/;

/**
 * The releases of which an image runs. An image names its release by its tag: the release's id, the beginning of a commit,
 * or one part of a tag whose parts are joined by dashes. Pure.
 *
 * @throws AssetSyncError ASSET_SYNC_RUNNING_UNKNOWN when something runs none of whose images names a release
 */
export function runningReleases(tasks: readonly RunningTask[], { releases }: Ledger): ReadonlySet<string> {
  const ids = [...releases.keys()];
  const running = new Set<string>();
  const strange: RunningTask[] = [];
  for (const task of tasks) {
    const found = task.images.flatMap((image) => ids.filter((id) => namesRelease(image, id)));
    for (const id of found) running.add(id);
    if (found.length === 0) strange.push(task);
  }
  if (strange.length > 0) throw unknown(strange, ids);
  return running;
}

function namesRelease(image: string, release: string): boolean {
  const [reference = ""] = image.split("@");
  const tag = /:([^:/]+)$/.exec(reference)?.[1] ?? reference;
  if (image === release || reference === release || tag === release) return true;
  return tag.split("-").some((part) => part === release || (SHORT_COMMIT.test(part) && release.startsWith(part)));
}

function unknown(strange: readonly RunningTask[], ids: readonly string[]): AssetSyncError {
  const lines = strange
    .slice(0, 5)
    .map(({ name, images }) => `\n  ${[name, ...images.filter((one) => one !== name)].join(": ")}`);
  const rest = strange.length > 5 ? `\n  and ${strange.length - 5} more` : "";
  return new AssetSyncError(
    "ASSET_SYNC_RUNNING_UNKNOWN",
    `${strange.length} of what runs name no release that the ledger knows (it knows ${ids.length}):${lines.join("")}${rest}`,
  );
}
