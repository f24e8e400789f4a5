import type { Release } from "./history.ts";

/** Something that puts assets up and takes them away. */
export interface Policy {
  /** Puts up what a build made. With `collecting` a collection runs at the same time. */
  build(releases: readonly Release[], now: number, collecting: boolean): Promise<void>;
  /** Called when a release has replaced all others. */
  rolledOut(release: Release, now: number): Promise<void>;
  /** A clean-up that is a job of its own; `running` is what runs. */
  collect(now: number, running: ReadonlySet<string>, killed: boolean): Promise<void>;
  /** Keys that are there. */
  present(now: number): Promise<ReadonlySet<string>>;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const nothing = (): Promise<void> => Promise.resolve();

/** The gem asset_sync with `existing_remote_files: delete`: what the newest build does not have goes at once. */
export function deletingPolicy(): Policy {
  let there: ReadonlySet<string> = new Set();
  return {
    build: async (releases) => {
      for (const { assets } of releases) there = new Set([...assets.values()].map(({ key }) => key));
    },
    rolledOut: nothing,
    collect: nothing,
    present: async () => there,
  };
}

/** A lifecycle rule of the bucket that expires objects 30 days after they were uploaded; what is there is not sent again. */
export function lifecyclePolicy(): Policy {
  const uploaded = new Map<string, number>();
  const expire = (now: number): void => {
    for (const [key, at] of uploaded) if (now - at > 30 * DAY) uploaded.delete(key);
  };
  return {
    build: async (releases, now) => {
      expire(now);
      for (const { assets } of releases) {
        for (const { key } of assets.values()) if (!uploaded.has(key)) uploaded.set(key, now);
      }
    },
    rolledOut: nothing,
    collect: nothing,
    present: async (now) => {
      expire(now);
      return new Set(uploaded.keys());
    },
  };
}

interface Version {
  readonly key: string;
  readonly uploaded: number;
}

/**
 * Limits for each file, as s3_asset_deploy has them by default: two older versions of it and those younger than an hour
 * stay; a file that the build no longer has goes two days after. It cleans up after each rollout.
 */
export function versionLimitPolicy(): Policy {
  const files = new Map<string, readonly Version[]>();
  const removed = new Map<string, number>();
  return {
    build: async (releases, now) => {
      for (const { assets } of releases) {
        for (const [name, { key }] of assets) {
          const versions = files.get(name) ?? [];
          if (!versions.some((one) => one.key === key)) files.set(name, [{ key, uploaded: now }, ...versions]);
        }
      }
    },
    rolledOut: async ({ assets }, now) => {
      for (const [name, versions] of files) {
        const current = assets.get(name)?.key;
        if (current === undefined) {
          if (!removed.has(name)) removed.set(name, now);
          if (now - (removed.get(name) ?? now) > 2 * DAY) files.delete(name);
          continue;
        }
        removed.delete(name);
        const older = versions.filter(({ key }) => key !== current);
        files.set(
          name,
          versions.filter((one) => one.key === current || older.indexOf(one) < 2 || now - one.uploaded < HOUR),
        );
      }
    },
    collect: nothing,
    present: async () => new Set([...files.values()].flat().map(({ key }) => key)),
  };
}
