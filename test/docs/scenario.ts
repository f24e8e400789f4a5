import type { ServiceName } from "@slipway/testkit";

import type { BlockName } from "./blocks.ts";

/** What a block of commands is run in. */
export interface Scenario extends BlockName {
  readonly begins: string;
  /** What lies in the folder beforehand, by path; what begins with `#!` is a program. */
  readonly files?: Readonly<Record<string, string>>;
  /** Commands that lead to where the block begins. */
  readonly before?: string;
  /** Commands that end well when the block has done what its page says. */
  readonly after?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** What is other in every run, in the output that is shown. */
  readonly varies?: RegExp;
  /** What this machine may print beside what is shown. */
  readonly beside?: RegExp;
  /** How its last command ends, 0 unless given; those before it end with 0. */
  readonly code?: number;
  /** Run in the root of the repository, as its page says. */
  readonly inRepository?: boolean;
  /** With an S3 of its own, which holds the bucket `shop-assets`. */
  readonly s3?: boolean;
  /** With an ECS whose services run this image. */
  readonly ecs?: string;
  /** Servers of this machine; a database of its own for `postgres`, the settings of this machine for `npm`. */
  readonly needs?: readonly ServiceName[];
}
