import { AssetSyncError, listed } from "../errors.ts";
import type { Finding } from "../events.ts";

/** Which keys some file asks for. */
export interface Asking {
  readonly by: string;
  readonly keys: readonly string[];
}

/** One finding for each file that asks for what is not there, though it would have to be in a folder that was scanned. Pure. */
export function missingFiles(
  asking: readonly Asking[],
  there: ReadonlySet<string>,
  folders: readonly string[],
): readonly Finding[] {
  const scanned = (key: string): boolean => folders.some((folder) => key.startsWith(`${folder}/`));
  return asking.flatMap(({ by, keys }) =>
    [...new Set(keys)]
      .filter((key) => !there.has(key) && scanned(key))
      .map((key) => ({ kind: "missing", file: by, names: key }) as const),
  );
}

/** A finding as a sentence without a full stop. */
export function findingText(finding: Finding): string {
  if (finding.kind === "missing") return `${finding.file} names ${finding.names}, which is not there`;
  if (finding.kind === "unreadable") {
    return `${finding.file} cannot be read as a manifest (${finding.reason}): names alone say what is fingerprinted`;
  }
  return `${finding.file} is called like a manifest, but another manifest names it: it counts as an asset`;
}

const NAMED_AT_MOST = 10;

/** What findings are with `strict`. */
export function refusedFindings(findings: readonly Finding[]): AssetSyncError {
  const lines = findings.map(findingText);
  return new AssetSyncError("ASSET_SYNC_INCOMPLETE", `The build is not complete:${listed(lines, NAMED_AT_MOST)}`);
}
