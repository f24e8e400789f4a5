import { BaseImageError } from "../errors.ts";
import { nearest } from "../dockerfile/known-keys.ts";
import { assertKind, assertRecord, FUNCTION, listOf, matching, type ValueKind } from "../dockerfile/value-kind.ts";
import { assertDefinition, type ImageDefinition } from "./image.ts";

/** Several images of one file, by what tells them apart. */
export interface ImageMatrix {
  readonly kind: "slipway-matrix";
  /** By the values they were made of: `3.4-24-trixie`. */
  readonly images: Readonly<Record<string, ImageDefinition>>;
}

/** One value of each axis. */
export type Cell<Axes> = { readonly [Axis in keyof Axes]: Axes[Axis] extends readonly (infer Value)[] ? Value : never };

const VALUE: ValueKind = matching(/^[A-Za-z0-9][\w.]*$/, "letters, digits, '.' and '_'");

/** Shared by every copy of this package, as that of definitions. */
const MADE: unique symbol = Symbol.for("@slipway/base-image: matrix");

/**
 * An image for every combination of values, for the default export of a definition file; `make` gives nothing for one that
 * there is not to be.
 * @throws BaseImageError for axes without values, and when no combination is left.
 */
export function matrix<const Axes extends Readonly<Record<string, readonly string[]>>>(
  axes: Axes,
  make: (cell: Cell<Axes>) => ImageDefinition | undefined,
): ImageMatrix {
  assertRecord(axes, listOf(VALUE, 1), "matrix()", "the axes");
  assertKind(FUNCTION, make, "matrix()", "what makes an image");
  const images = cellsOf(Object.entries(axes)).flatMap((cell): [string, ImageDefinition][] => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a cell has a value of each axis
    const definition = make(cell as Cell<Axes>);
    if (definition === undefined) return [];
    assertDefinition(definition);
    return [[Object.values(cell).join("-"), definition]];
  });
  const expected = "at least one image";
  assertKind({ expected, holds: () => images.length > 0 }, Object.fromEntries(images), "matrix()", "what it makes");
  const made: ImageMatrix = { kind: "slipway-matrix", images: Object.fromEntries(images) };
  return Object.defineProperty(made, MADE, { value: true });
}

/** Whether a value is what {@link matrix} gives. */
export function isImageMatrix(value: unknown): value is ImageMatrix {
  return typeof value === "object" && value !== null && MADE in value;
}

/** One of the images. @throws BaseImageError BASE_IMAGE_USAGE with the names there are. */
export function imageOf({ images }: ImageMatrix, name: string | undefined): readonly [string, ImageDefinition] {
  const names = Object.keys(images);
  const found = name !== undefined && Object.hasOwn(images, name) ? images[name] : undefined;
  if (name !== undefined && found !== undefined) return [name, found];
  const near = name === undefined ? undefined : nearest(name, names);
  const what =
    name === undefined ? "the definition is a matrix of images" : `there is no image ${JSON.stringify(name)}`;
  throw new BaseImageError("BASE_IMAGE_USAGE", `${what}; it has ${names.join(", ")}`, {
    hint: near === undefined ? "Name one with --image NAME." : `Did you mean ${near}?`,
  });
}

function cellsOf(axes: readonly (readonly [string, readonly string[]])[]): readonly Readonly<Record<string, string>>[] {
  let cells: readonly Readonly<Record<string, string>>[] = [{}];
  for (const [axis, values] of axes)
    cells = cells.flatMap((cell) => values.map((value) => ({ ...cell, [axis]: value })));
  return cells;
}
