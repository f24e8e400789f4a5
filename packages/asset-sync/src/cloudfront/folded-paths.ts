/** CloudFront works on so many paths with a wildcard at a time: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html */
export const MOST_PATHS = 15;

/**
 * URL paths, or fewer that cover them all: where there are more than fifteen, folders become wildcards, the deepest first
 * and no higher than needed. A wildcard is paid for as one path. Pure.
 */
export function foldedPaths(paths: readonly string[]): readonly string[] {
  const sorted = [...new Set(paths)].toSorted();
  if (sorted.length <= MOST_PATHS) return sorted;
  const deepest = sorted.reduce((most, path) => Math.max(most, foldersOf(path).length), 0);
  for (let depth = deepest; depth > 0; depth -= 1) {
    const folded = foldedAt(sorted, depth);
    if (folded.length <= MOST_PATHS) return folded;
  }
  return ["/*"];
}

/** Folders at `depth` that hold several of the paths, below them too, in place of these. */
function foldedAt(paths: readonly string[], depth: number): readonly string[] {
  const groups = new Map<string, string[]>();
  for (const path of paths) {
    const folders = foldersOf(path);
    const name = folders.length < depth ? path : `/${folders.slice(0, depth).join("/")}/*`;
    const members = groups.get(name) ?? [];
    members.push(path);
    groups.set(name, members);
  }
  return [...groups].map(([name, members]) => (members.length === 1 ? (members[0] ?? name) : name)).toSorted();
}

function foldersOf(path: string): readonly string[] {
  return path.split("/").slice(1, -1);
}
