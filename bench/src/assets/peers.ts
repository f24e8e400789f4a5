import type { Peer } from "../programs.ts";

/** What benchmarks of uploads start beside Node, by name. */
export const PEERS = {
  time: { program: "time", debian: "time" },
  rclone: { program: "rclone", debian: "rclone", version: ["version"] },
  aws: { program: "aws", debian: "awscli", version: ["--version"] },
  s3cmd: { program: "s3cmd", debian: "s3cmd", version: ["--version"] },
  ruby: { program: "ruby", debian: "ruby-full", version: ["--version"] },
} as const satisfies Readonly<Record<string, Peer>>;

export type PeerName = keyof typeof PEERS;
