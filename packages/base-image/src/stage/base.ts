import { BaseImageError } from "../errors.ts";
import { assertKnownKeys } from "../dockerfile/known-keys.ts";
import { partsOf, type Text } from "../dockerfile/text.ts";

/** An image of a registry or of the engine, as the ground of a stage or the source of a COPY. */
export interface ImageBase {
  readonly kind: "image";
  readonly image: Text;
  readonly platform?: Text;
}

/** A build context with a name, given with `--build-context NAME=…`. */
export interface NamedContext {
  readonly kind: "context";
  readonly name: string;
}

const REFERENCE = /^[A-Za-z0-9][A-Za-z0-9._\-/:@]*$/;

/** An image by its reference: `from("ruby:3.3-slim-trixie")`, ``from(expand`ruby:${version}`)``. */
export function from(image: Text, options: { readonly platform?: Text } = {}): ImageBase {
  assertKnownKeys(options, ["platform"], "from()");
  for (const part of partsOf(image)) {
    if (typeof part !== "string" || (part === image ? REFERENCE : /^[A-Za-z0-9._\-/:@]*$/).test(part)) continue;
    throw new BaseImageError(
      "BASE_IMAGE_INVALID_VALUE",
      `an image reference is ${JSON.stringify(image)}; expected NAME[:TAG][@DIGEST] without blanks`,
    );
  }
  return { kind: "image", image, ...options };
}

/** A named build context as the source of a COPY. */
export function namedContext(name: string): NamedContext {
  return { kind: "context", name };
}

/** The reference as it is written after FROM or in `--from=`. */
export function referenceText(base: ImageBase): string {
  return partsOf(base.image)
    .map((part) => (typeof part === "string" ? part : `\${${part.name}}`))
    .join("");
}
