/** What a figure of a benchmark has to be. */
export interface Target {
  readonly bench: string;
  readonly figure: string;
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** A target held against the figures of a run. */
export interface Verdict {
  readonly target: Target;
  /** Undefined where the run has no such figure. */
  readonly value: number | undefined;
  readonly verdict: "met" | "missed" | "not measured";
}

/** All that is promised of a figure; every row is shown, met or not. */
export const TARGETS: readonly Target[] = [
  {
    bench: "releases",
    figure: "same release, 20 ms, 20,000 foreign: asset_sync gem / Slipway asset-sync",
    atLeast: 10,
  },
  {
    bench: "releases-100000-foreign",
    figure: "same release, 20 ms, 100,000 foreign: asset_sync gem / Slipway asset-sync",
    atLeast: 40,
  },
  ...["0 ms", "20 ms"].flatMap((delay) => firstUpload(delay)),
  { bench: "boot", figure: "run, empty definition / empty script", atMost: 1.25 },
  { bench: "boot", figure: 'prehook "true" / empty script', atMost: 1.25 },
  { bench: "boot", figure: "rails db:migrate / added by run, nothing pending", atLeast: 15 },
  { bench: "boot", figure: "run, nothing pending: added before the app, ms", atMost: 150 },
  ...["PostgreSQL", "MariaDB", "S3", "a file"].map((name) => ({
    bench: "boot",
    figure: `last of 50 behind the leader, ${name}, ms`,
    atMost: 500,
  })),
  { bench: "image", figure: "base, unpacked: 2020 style / Slipway runtime", atLeast: 5.5 },
  { bench: "image", figure: "one Ruby file: rails new / Slipway", atLeast: 3 },
  ...["render", "parse", "check"].map((verb) => ({
    bench: "language",
    figure: `${verb}: exponent of growth`,
    atMost: 1.1,
  })),
];

/** How the figures of a run stand to the targets of its benchmark. */
export function verdictsOf(
  bench: string,
  figures: Readonly<Record<string, number>>,
  targets: readonly Target[] = TARGETS,
): readonly Verdict[] {
  return targets
    .filter((target) => target.bench === bench)
    .map((target) => {
      const value = figures[target.figure];
      return { target, value, verdict: value === undefined ? "not measured" : isMet(target, value) };
    });
}

/** What is wanted, as a table says it. */
export function wantedWords({ atLeast, atMost }: Target): string {
  return [
    ...(atLeast === undefined ? [] : [`at least ${atLeast}`]),
    ...(atMost === undefined ? [] : [`at most ${atMost}`]),
  ].join(", ");
}

/** Near what no client can be faster than, and faster than every peer. */
function firstUpload(delay: string): readonly Target[] {
  const peers = ["rclone, tuned", "rclone", "asset_sync gem", "AWS SDK loop", "aws s3 sync", "s3cmd sync"];
  return [["bare ceiling", 0.85] as const, ...peers.map((peer) => [peer, 1] as const)].map(([other, atLeast]) => {
    return { bench: "assets", figure: `first upload, ${delay}: ${other} / Slipway asset-sync`, atLeast };
  });
}

function isMet(target: Target, value: number): "met" | "missed" {
  const { atLeast = Number.NEGATIVE_INFINITY, atMost = Number.POSITIVE_INFINITY } = target;
  return value >= atLeast && value <= atMost ? "met" : "missed";
}
