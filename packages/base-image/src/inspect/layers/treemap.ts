/** Something with a size that is drawn as an area. */
export interface Weighted {
  readonly name: string;
  readonly bytes: number;
}

/** A rectangle. */
export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A thing and where it is drawn. */
export interface Tile<Thing extends Weighted> extends Area {
  readonly thing: Thing;
}

/**
 * Divides an area among things by their bytes, in tiles as near to squares as their sizes allow. Pure; the biggest first.
 * @see https://www.win.tue.nl/~vanwijk/stm.pdf (Bruls, Huizing, van Wijk: Squarified Treemaps)
 */
export function treemap<Thing extends Weighted>(things: readonly Thing[], area: Area): readonly Tile<Thing>[] {
  const sorted = things.filter(({ bytes }) => bytes > 0).toSorted((a, b) => b.bytes - a.bytes);
  const total = sorted.reduce((sum, { bytes }) => sum + bytes, 0);
  if (total === 0) return [];
  const scale = (area.width * area.height) / total;
  const tiles: Tile<Thing>[] = [];
  let rest = area;
  let from = 0;
  while (from < sorted.length) {
    const row = bestRow(sorted.slice(from), Math.min(rest.width, rest.height), scale);
    const placed = placeRow(row, rest, scale);
    tiles.push(...placed.tiles);
    rest = placed.rest;
    from += row.length;
  }
  return tiles;
}

/** Takes things into a row as long as its worst tile gets no longer than it was. */
function bestRow<Thing extends Weighted>(things: readonly Thing[], side: number, scale: number): readonly Thing[] {
  let count = 1;
  let sum = (things[0]?.bytes ?? 0) * scale;
  const largest = sum;
  let worst = worstRatio(largest, sum, sum, side);
  for (const { bytes } of things.slice(1)) {
    const smallest = bytes * scale;
    const next = worstRatio(largest, smallest, sum + smallest, side);
    if (next > worst) break;
    worst = next;
    sum += smallest;
    count += 1;
  }
  return things.slice(0, count);
}

function worstRatio(largest: number, smallest: number, sum: number, side: number): number {
  const square = side * side;
  return Math.max((square * largest) / (sum * sum), (sum * sum) / (square * smallest));
}

function placeRow<Thing extends Weighted>(
  row: readonly Thing[],
  area: Area,
  scale: number,
): { readonly tiles: readonly Tile<Thing>[]; readonly rest: Area } {
  const { x, y, width, height } = area;
  const surface = row.reduce((sum, { bytes }) => sum + bytes * scale, 0);
  const upright = width >= height;
  const thickness = surface / (upright ? height : width);
  let offset = 0;
  const tiles = row.map((thing) => {
    const length = (thing.bytes * scale) / thickness;
    const tile = upright
      ? { thing, x, y: y + offset, width: thickness, height: length }
      : { thing, x: x + offset, y, width: length, height: thickness };
    offset += length;
    return tile;
  });
  const rest = upright
    ? { x: x + thickness, y, width: width - thickness, height }
    : { x, y: y + thickness, width, height: height - thickness };
  return { tiles, rest };
}
