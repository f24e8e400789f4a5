import { AssetSyncError, listed } from "../errors.ts";
import type { Ledger } from "../ledger/ledger.ts";

/** Something that runs: a task with the images of its containers, or one line of a list. */
export interface RunningTask {
  /** Names it in errors. */
  readonly name: string;
  readonly images: readonly string[];
}

/** Where it can be asked what runs. */
export type RunningSource = (signal: AbortSignal | undefined) => Promise<readonly RunningTask[]>;

/** Seven digits of a commit mean no other one by accident; where all are decimal they are rather a date or a count. */
const SHORT_COMMIT = /^(?=.*[a-f])[0-9a-f]{7,63}$/;
const COMMIT = /^[0-9a-f]{8,64}$/;

/** What the tags of other programs say as well: `redis:7`, `redis:7.2`, a day; a moment is nobody else's. */
const NUMBER = /^\d{1,8}(\.\d+)?$/;

/** A version is what other programs' tags say too, `nginx:1.3.0`, `traefik:v3.1`, alone or with more. */
const VERSION = /^v?\d+(\.\d+)+$/;

/** Shorter names are parts of other programs' tags by chance. */
const DISTINCT_LENGTH = 4;

const NAMED_AT_MOST = 5;

/** Where a tag names a release; `certain` unless it may as well be chance. */
interface Mention {
  readonly release: string;
  readonly from: number;
  readonly to: number;
  readonly certain: boolean;
}

/**
 * The releases of which an image runs. An image names its release by its tag: the release's id, or one or more parts of a
 * tag whose parts are joined by dashes, which are an id or the beginning of a commit. The longest of overlapping names
 * counts: `production-v41-hotfix` is no image of `v41`. What may be chance keeps its release too, but says nothing of the
 * task, unless all images of the task name a release. Pure.
 *
 * @throws AssetSyncError ASSET_SYNC_RUNNING_UNKNOWN when something runs none of whose images names a release
 */
export function runningReleases(tasks: readonly RunningTask[], { releases }: Ledger): ReadonlySet<string> {
  const ids = [...releases.keys()];
  const running = new Set<string>();
  const strange: RunningTask[] = [];
  for (const task of tasks) {
    const named = task.images.map((image) => mentions(image, ids));
    for (const { release } of named.flat()) running.add(release);
    const isCertain = named.flat().some(({ certain }) => certain);
    const isWhole = named.length > 0 && named.every((found) => found.length > 0);
    if (!isCertain && !isWhole) strange.push(task);
  }
  if (strange.length > 0) throw unknown(strange, ids);
  return running;
}

function mentions(image: string, ids: readonly string[]): readonly Mention[] {
  const [reference = ""] = image.split("@");
  const tag = /:([^:/]+)$/.exec(reference)?.[1] ?? reference;
  const found = ids.flatMap((id) => {
    const isExact = id === image || id === reference || id === tag;
    const exact = { release: id, from: 0, to: tag.length, certain: !NUMBER.test(id) && !VERSION.test(id) };
    return [...(isExact ? [exact] : []), ...partMentions(tag, id), ...commitMentions(tag, id)];
  });
  return found.filter((one) => !found.some((other) => isWithin(one, other)));
}

function partMentions(tag: string, release: string): readonly Mention[] {
  if (NUMBER.test(release)) return [];
  const found: Mention[] = [];
  const certain = release.length >= DISTINCT_LENGTH && !VERSION.test(release);
  const [whole, part] = [`-${tag}-`, `-${release}-`];
  for (let from = whole.indexOf(part); from !== -1; from = whole.indexOf(part, from + 1)) {
    found.push({ release, from, to: from + release.length, certain });
  }
  return found;
}

function commitMentions(tag: string, release: string): readonly Mention[] {
  if (!COMMIT.test(release)) return [];
  return [...tag.matchAll(/[^-]+/g)]
    .filter(([part]) => SHORT_COMMIT.test(part) && release.startsWith(part))
    .map(({ 0: part, index }) => ({ release, from: index, to: index + part.length, certain: true }));
}

/** Whether a name is only a piece of a longer one. */
function isWithin(one: Mention, other: Mention): boolean {
  return other.from <= one.from && one.to <= other.to && other.to - other.from > one.to - one.from;
}

function unknown(strange: readonly RunningTask[], ids: readonly string[]): AssetSyncError {
  const lines = strange.map(({ name, images }) => [name, ...images.filter((one) => one !== name)].join(": "));
  return new AssetSyncError(
    "ASSET_SYNC_RUNNING_UNKNOWN",
    `${strange.length} of what runs name no release that the ledger knows (it knows ${ids.length}):${listed(lines, NAMED_AT_MOST)}`,
  );
}
