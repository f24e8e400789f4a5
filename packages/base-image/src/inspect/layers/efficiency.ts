import { bytesAt, withLayer, type FileTree } from "./file-tree.ts";
import type { Layer, LayerEntry } from "./layer.ts";

/** A path that several layers write, and what it costs: all its bytes in all layers. */
export interface WastedPath {
  readonly path: string;
  readonly bytes: number;
  /** How often layers have it. */
  readonly times: number;
}

/** How much of an image its layers repeat or hide. */
export interface Efficiency {
  /** 1 when no path is written twice. */
  readonly score: number;
  readonly wastedBytes: number;
  /** The paths that make it up, biggest first. */
  readonly wasted: readonly WastedPath[];
}

interface Seen {
  readonly smallest: number;
  readonly total: number;
  readonly times: number;
}

/**
 * Efficiency and waste as dive defines them: the score is the sum of every path's smallest size over the sum of all its
 * sizes; a removal costs what it removes; wasted are all bytes of the paths that are seen at least twice.
 * @see https://github.com/wagoodman/dive/blob/main/dive/filetree/efficiency.go
 */
export function efficiencyOf(layers: readonly Layer[]): Efficiency {
  const seen = seenPaths(layers);
  const paths = [...seen.values()];
  const [smallest, total] = [sum(paths.map((each) => each.smallest)), sum(paths.map((each) => each.total))];
  const wasted = [...seen]
    .filter(([, each]) => each.times > 1 && each.total > 0)
    .map(([path, { total: bytes, times }]) => ({ path, bytes, times }))
    .toSorted((a, b) => b.bytes - a.bytes || (a.path < b.path ? -1 : 1));
  return { score: total === 0 ? 1 : smallest / total, wastedBytes: sum(wasted.map(({ bytes }) => bytes)), wasted };
}

/** The waste that the layers from `first` on add to what those below them have already, in bytes. */
export function addedWaste(layers: readonly Layer[], first: number, whole: Efficiency = efficiencyOf(layers)): number {
  return whole.wastedBytes - efficiencyOf(layers.slice(0, first)).wastedBytes;
}

function seenPaths(layers: readonly Layer[]): ReadonlyMap<string, Seen> {
  const seen = new Map<string, Seen>();
  let below: FileTree = new Map();
  for (const { entries } of layers) {
    for (const entry of entries) {
      if (entry.kind === "emptied") continue;
      const size = costOf(entry, below);
      const { smallest, total, times } = seen.get(entry.path) ?? { smallest: size, total: 0, times: 0 };
      seen.set(entry.path, { smallest: Math.min(smallest, size), total: total + size, times: times + 1 });
    }
    below = withLayer(below, entries);
  }
  return seen;
}

function costOf(entry: LayerEntry, below: FileTree): number {
  return entry.kind === "removal" ? bytesAt(below, entry.path) : entry.size;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
