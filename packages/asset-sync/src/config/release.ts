import { execFileSync } from "node:child_process";

import { AssetSyncError } from "../errors.ts";
import type { Environment } from "./environment.ts";

/** Where build services put the commit they build. */
const COMMIT_VARIABLES = [
  "CIRCLE_SHA1",
  "GITHUB_SHA",
  "CI_COMMIT_SHA",
  "CODEBUILD_RESOLVED_SOURCE_VERSION",
  "BUILDKITE_COMMIT",
  "BITBUCKET_COMMIT",
  "GIT_COMMIT",
  "SOURCE_VERSION",
] as const;

const RELEASE = /^[A-Za-z0-9][A-Za-z0-9._+/@:-]{0,199}$/;

/**
 * The release's name: what was given, else the commit a build service names, else the commit checked out in `directory`.
 *
 * @throws AssetSyncError ASSET_SYNC_RELEASE_UNKNOWN or ASSET_SYNC_OPTION_INVALID
 */
export function releaseId(given: string | undefined, environment: Environment, directory: string): string {
  if (given !== undefined) return checkRelease(given);
  const fromBuild = COMMIT_VARIABLES.map((name) => environment[name]).find(
    (value) => value !== undefined && value !== "",
  );
  return checkRelease(fromBuild ?? checkedOutCommit(directory));
}

/** Accepts a name that is safe in a ledger, a log line and a shell. */
export function checkRelease(release: string): string {
  if (isReleaseId(release)) return release;
  throw new AssetSyncError(
    "ASSET_SYNC_OPTION_INVALID",
    `Release id ${JSON.stringify(release)}: expected 1 to 200 letters, digits and . _ + / @ : -, a letter or digit first.`,
  );
}

/** Whether a text can be the name of a release. */
export function isReleaseId(text: string): boolean {
  return RELEASE.test(text);
}

function checkedOutCommit(directory: string): string {
  try {
    const git = execFileSync("git", ["rev-parse", "HEAD"], { cwd: directory, stdio: ["ignore", "pipe", "ignore"] });
    return git.toString("utf8").trim();
  } catch (cause) {
    const looked = COMMIT_VARIABLES.join(", ");
    throw new AssetSyncError(
      "ASSET_SYNC_RELEASE_UNKNOWN",
      `No release id: --release and ASSET_SYNC_RELEASE are not given, none of ${looked} is set, and git names no commit in ${directory} (no git, no repository, or nothing committed).`,
      { cause },
    );
  }
}
