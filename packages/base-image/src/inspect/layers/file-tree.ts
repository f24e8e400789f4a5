import type { Layer, LayerEntry } from "./layer.ts";

/** What a stack of layers shows, by path. */
export type FileTree = ReadonlyMap<string, LayerEntry>;

/** What an image shows in the end. */
export function fileTreeOf(layers: readonly Layer[]): FileTree {
  return layers.reduce<FileTree>((tree, { entries }) => withLayer(tree, entries), new Map());
}

/** A tree with one more layer on it: what that removes is taken away before what it brings is put there. */
export function withLayer(below: FileTree, entries: readonly LayerEntry[]): FileTree {
  const tree = new Map(below);
  for (const entry of entries) {
    if (entry.kind !== "removal" && entry.kind !== "emptied") continue;
    for (const path of pathsBelow(tree, entry.path)) tree.delete(path);
    if (entry.kind === "removal") tree.delete(entry.path);
  }
  for (const entry of entries) if (entry.kind !== "removal" && entry.kind !== "emptied") tree.set(entry.path, entry);
  return tree;
}

/** Bytes of a path with all that is in it. */
export function bytesAt(tree: FileTree, path: string): number {
  const own = tree.get(path)?.size ?? 0;
  return pathsBelow(tree, path).reduce((total, each) => total + (tree.get(each)?.size ?? 0), own);
}

/** Only a folder has paths below it, so that the many removals of single files cost no search. */
function pathsBelow(tree: FileTree, path: string): readonly string[] {
  if (tree.has(path) && tree.get(path)?.kind !== "directory") return [];
  return [...tree.keys()].filter((each) => each.startsWith(`${path}/`));
}
