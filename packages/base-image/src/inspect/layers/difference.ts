import { fileTreeOf } from "./file-tree.ts";
import type { Layer, SavedImage } from "./layer.ts";
import { installedPackages, packageChanges, type InstalledPackage, type PackageChange } from "./packages.ts";

/** A path whose size differs between two images, or that only one of them has. */
export interface PathChange {
  readonly path: string;
  readonly kind: "added" | "removed" | "changed";
  /** After minus before. */
  readonly bytes: number;
}

/** What one image has beyond another. */
export interface ImageDifference {
  /** Bytes of all layers' tars, after minus before. */
  readonly tarBytes: number;
  readonly blobBytes: number;
  /** How many layers both have in common, from the bottom. */
  readonly sharedLayers: number;
  /** Files, biggest difference first. */
  readonly paths: readonly PathChange[];
  readonly packages: readonly PackageChange[];
}

/** Compares two images by path and by package. Pure. */
export function imageDifference(before: SavedImage, after: SavedImage): ImageDifference {
  return {
    tarBytes: totalOf(after.layers, "tarBytes") - totalOf(before.layers, "tarBytes"),
    blobBytes: totalOf(after.layers, "blobBytes") - totalOf(before.layers, "blobBytes"),
    sharedLayers: sharedLayers(before, after),
    paths: pathChanges(before, after),
    packages: packageChanges(packagesOf(before), packagesOf(after)),
  };
}

/** The packages that the topmost layer with a list names. */
export function packagesOf({ layers }: SavedImage): readonly InstalledPackage[] {
  return installedPackages(layers.findLast((layer) => layer.packageStatus !== undefined)?.packageStatus ?? "");
}

/** Bytes of several layers together. */
export function totalOf(layers: readonly Layer[], what: "tarBytes" | "blobBytes"): number {
  return layers.reduce((total, layer) => total + layer[what], 0);
}

function sharedLayers(before: SavedImage, after: SavedImage): number {
  const first = after.layers.findIndex((layer, index) => layer.digest !== before.layers[index]?.digest);
  return first === -1 ? after.layers.length : first;
}

function pathChanges(before: SavedImage, after: SavedImage): readonly PathChange[] {
  const [old, now] = [fileTreeOf(before.layers), fileTreeOf(after.layers)];
  return [...new Set([...old.keys(), ...now.keys()])]
    .flatMap((path): readonly PathChange[] => {
      const [was, is] = [old.get(path), now.get(path)];
      const bytes = (is?.size ?? 0) - (was?.size ?? 0);
      if (was !== undefined && is !== undefined) return bytes === 0 ? [] : [{ path, kind: "changed", bytes }];
      if ((was ?? is)?.kind === "directory") return [];
      return [{ path, kind: was === undefined ? "added" : "removed", bytes }];
    })
    .toSorted((a, b) => Math.abs(b.bytes) - Math.abs(a.bytes) || (a.path < b.path ? -1 : 1));
}
