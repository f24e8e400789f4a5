import type { ElectionRecord } from "../protocol.ts";

/** What the object of a task holds. */
export interface S3State {
  readonly format: "slipway-election/1";
  readonly lock: S3Lock | null;
  /** What is remembered of each release, the latest last. */
  readonly releases: Readonly<Record<string, S3Record>>;
  /** Of the last write, by which its writer knows it again. */
  readonly write: string;
}

/** Who leads. A watcher for whom `holder` and `beat` stay as they are for `leaseMs` may take over. */
export interface S3Lock {
  readonly holder: string;
  readonly beat: number;
  readonly leaseMs: number;
}

/** A record; `began` and `ended` are told to people only, no clock is compared with another. */
export interface S3Record extends Omit<ElectionRecord, "seconds"> {
  readonly began: string;
  readonly ended?: string;
}

const KEPT_RELEASES = 50;

export const NO_STATE: S3State = { format: "slipway-election/1", lock: null, releases: {}, write: "" };

/** @throws Error when the object is something else */
export function parseState(text: string): S3State {
  const state = JSON.parse(text) as Partial<S3State> | null;
  if (state?.format !== NO_STATE.format) throw new Error(`its format is not ${NO_STATE.format}`);
  return { ...NO_STATE, ...state };
}

export function recordIn(state: S3State, release: string): ElectionRecord | undefined {
  const found = Object.hasOwn(state.releases, release) ? state.releases[release] : undefined;
  if (found === undefined) return undefined;
  const { began, ended, ...record } = found;
  const until = ended === undefined ? Date.now() : Date.parse(ended);
  return { ...record, seconds: Math.max(0, until - Date.parse(began)) / 1000 };
}

/** The state with a release's record in the last place, and without the oldest ones. */
export function withRecord(state: S3State, release: string, record: S3Record): S3State {
  const others = Object.entries(state.releases).filter(([name]) => name !== release);
  const kept = others.slice(-(KEPT_RELEASES - 1));
  return { ...state, releases: Object.fromEntries([...kept, [release, record] as const]) };
}
