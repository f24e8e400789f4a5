import { join } from "node:path";
import { execPath } from "node:process";

import type { PeerName } from "./peers.ts";

/** A command line, and what it finds in its environment beside the credentials. */
export interface Command {
  readonly program: string;
  readonly words: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** What one upload is of. */
export interface Upload {
  /** The public folder; all files are in `assets` below it. */
  readonly tree: string;
  readonly bucket: string;
  readonly endpoint: string;
  readonly release: string;
}

/** Where the programs are. */
export interface Installed {
  readonly path: (name: PeerName) => string;
  readonly gems: string;
  /** The configuration file of s3cmd, which takes no credentials from its environment. */
  readonly s3cmdConfig: string;
}

/** A tool that uploads, as a command line. */
export interface Tool {
  readonly name: string;
  readonly needs: readonly PeerName[];
  /**
   * Which groups of later uploads it is measured in: none if it does not look at what is there already; one if it goes by times,
   * which are new in each build, so that it goes through all its files again whatever has changed; else all.
   */
  readonly later: "none" | "one" | "all";
  /** How often it has a first upload where not in each round: few times are enough for what is far from ours, or from what is promised. */
  readonly firstUploads?: number;
  readonly command: (upload: Upload, installed: Installed) => Command;
}

const PROGRAM = join(import.meta.dirname, "../../../packages/asset-sync/dist/bundle/asset-sync.mjs");

const OURS: Tool = {
  name: "Slipway asset-sync",
  needs: [],
  later: "all",
  command: ({ tree, bucket, endpoint, release }) => {
    const target = ["--to", `s3://${bucket}`, "--endpoint", endpoint, "--path-style", "--region", "us-east-1"];
    return { program: execPath, words: [PROGRAM, "sync", tree, ...target, "--release", release, "--quiet"] };
  },
};

const CEILING: Tool = {
  name: "bare ceiling",
  needs: [],
  later: "none",
  firstUploads: 2,
  command: script("ceiling.ts"),
};

const RCLONE_TUNED: Tool = {
  name: "rclone, tuned",
  needs: ["rclone"],
  later: "all",
  command: (upload, installed) => {
    const tuned = ["--transfers", "64", "--checkers", "64", "--checksum", "--fast-list", "--s3-no-head"];
    return rclone(upload, installed, [...tuned, "--s3-no-check-bucket"]);
  },
};

const RCLONE: Tool = {
  name: "rclone",
  needs: ["rclone"],
  later: "one",
  firstUploads: 2,
  command: (upload, installed) => rclone(upload, installed, []),
};

const GEM: Tool = {
  name: "asset_sync gem",
  needs: ["ruby"],
  later: "all",
  firstUploads: 2,
  command: ({ tree, bucket, endpoint }, { path, gems }) => {
    const { hostname, port } = new URL(endpoint);
    const settings = JSON.stringify({ tree, bucket, hostname, port });
    const words = [join(import.meta.dirname, "gem-sync.rb"), settings];
    return { program: path("ruby"), words, env: { GEM_HOME: gems } };
  },
};

const SDK_LOOP: Tool = {
  name: "AWS SDK loop",
  needs: [],
  later: "all",
  firstUploads: 2,
  command: script("sdk-loop.ts"),
};

const AWS: Tool = {
  name: "aws s3 sync",
  needs: ["aws"],
  later: "one",
  firstUploads: 2,
  command: ({ tree, bucket, endpoint }, { path }) => {
    const target = [join(tree, "assets"), `s3://${bucket}/assets`, "--endpoint-url", endpoint];
    return { program: path("aws"), words: ["s3", "sync", ...target, "--region", "us-east-1", "--only-show-errors"] };
  },
};

const S3CMD: Tool = {
  name: "s3cmd sync",
  needs: ["s3cmd"],
  later: "all",
  firstUploads: 2,
  command: ({ tree, bucket, endpoint }, { path, s3cmdConfig }) => {
    const { host } = new URL(endpoint);
    const where = ["--config", s3cmdConfig, "--host", host, "--host-bucket", host, "--no-ssl"];
    const words = ["sync", "--quiet", ...where, `${tree}/assets/`, `s3://${bucket}/assets/`];
    return { program: path("s3cmd"), words };
  },
};

/** Ours first: every other is compared with it. */
export const TOOLS: readonly Tool[] = [OURS, CEILING, RCLONE_TUNED, RCLONE, GEM, SDK_LOOP, AWS, S3CMD];

/** A script of this folder, which takes tree, bucket and endpoint. */
function script(name: string): Tool["command"] {
  return ({ tree, bucket, endpoint }) => ({
    program: execPath,
    words: [join(import.meta.dirname, name), tree, bucket, endpoint],
  });
}

function rclone({ tree, bucket, endpoint }: Upload, { path }: Installed, tuned: readonly string[]): Command {
  const s3 = ["--s3-provider", "Ceph", "--s3-env-auth", "--s3-endpoint", endpoint];
  const words = ["copy", join(tree, "assets"), `:s3:${bucket}/assets`, ...s3, ...tuned];
  return { program: path("rclone"), words, env: { RCLONE_CONFIG: "/dev/null" } };
}
