import { BaseImageError } from "../../errors.ts";
import type { Budget } from "../../stage/budget.ts";
import { addedWaste, efficiencyOf } from "./efficiency.ts";
import { instructionOf, megabytes } from "./layer-report.ts";
import type { Layer, SavedImage } from "./layer.ts";

/** A limit that an image goes beyond; sizes in bytes. */
export interface Excess {
  readonly limit: keyof Budget;
  readonly value: number;
  readonly allowed: number;
}

const SHOWN = 3;

/**
 * What of a budget an image goes beyond. Size is that of all layers unpacked; waste is what the top `ownLayers` add to that
 * of the image they stand on, for which nobody who builds on it can be held to account. Pure.
 */
export function excessOf({ layers }: SavedImage, budget: Budget, ownLayers: number): readonly Excess[] {
  const size = layers.reduce((sum, { tarBytes }) => sum + tarBytes, 0);
  const waste = addedWaste(layers, Math.max(0, layers.length - ownLayers), efficiencyOf(layers));
  const values = { maxSize: size, maxWaste: waste };
  return (["maxSize", "maxWaste"] as const).flatMap((limit) => {
    const allowed = budget[limit];
    return allowed === undefined || values[limit] <= allowed ? [] : [{ limit, value: values[limit], allowed }];
  });
}

/** Refuses an image beyond its budget, with the layers that are the biggest. */
export function assertBudget(image: SavedImage, variant: string, budget: Budget, ownLayers: number): void {
  const excesses = excessOf(image, budget, ownLayers);
  if (excesses.length === 0) return;
  const sentences = excesses.map(({ limit, value, allowed }) => {
    const what = limit === "maxSize" ? "is" : "wastes";
    return `${what} ${megabytes(value).trim()}, ${limit} is ${megabytes(allowed).trim()}`;
  });
  const own = image.layers.slice(Math.max(0, image.layers.length - ownLayers));
  const lines = biggest(own).map(
    ({ tarBytes, createdBy }) => `\n  |${megabytes(tarBytes)}  ${instructionOf(createdBy).slice(0, 100)}`,
  );
  const message = `variant ${variant} ${sentences.join(", and ")}; its biggest layers are:${lines.join("")}`;
  throw new BaseImageError("BASE_IMAGE_OVER_BUDGET", message);
}

function biggest(layers: readonly Layer[]): readonly Layer[] {
  return layers.toSorted((a, b) => b.tarBytes - a.tarBytes).slice(0, SHOWN);
}
