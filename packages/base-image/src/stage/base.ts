import { BaseImageError } from "../errors.ts";
import { partsOf, WORD, type Text } from "../dockerfile/text.ts";
import { assertKind, assertShape, matching, optional, type ValueKind } from "../dockerfile/value-kind.ts";

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

const CONTEXT = /^[A-Za-z0-9][A-Za-z0-9._\-/:@]*$/;

/** @see https://github.com/distribution/reference/blob/main/reference.go */
const PART = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
const HOST = "[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?";
const REFERENCE = new RegExp(
  `^(?:(?:${HOST}:\\d+|${HOST}\\.${HOST}|localhost|[A-Za-z0-9-]*[A-Z][A-Za-z0-9-]*)/)?${PART}(?:/${PART})*(?::\\w[\\w.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$`,
);

/** @see https://github.com/containerd/platforms */
const PLATFORM = matching(
  /^[\w.-]+(?:\([\w.+-]*\))?(?:\/[\w.-]+){0,2}$/,
  'a platform, as "linux/amd64", or a variable',
);

const PLATFORM_TEXT: ValueKind = {
  expected: PLATFORM.expected,
  holds: (value) => (typeof value === "string" ? PLATFORM.holds(value) : WORD.holds(value)),
};

/** An image by its reference: `from("ruby:3.3-slim-trixie")`, ``from(expand`ruby:${version}`)``. */
export function from(image: Text, options: { readonly platform?: Text } = {}): ImageBase {
  assertKind(WORD, image, "from()", "the image");
  assertShape(options, { platform: optional(PLATFORM_TEXT) }, "from()", "the options");
  if (!isReference(image)) {
    throw new BaseImageError(
      "BASE_IMAGE_INVALID_VALUE",
      `an image reference is ${JSON.stringify(image)}; expected NAME[:TAG][@DIGEST], the name in small letters`,
    );
  }
  return { kind: "image", image, ...options };
}

/** A named build context as the source of a COPY. */
export function namedContext(name: string): NamedContext {
  assertKind(matching(CONTEXT, "a name without blanks"), name, "namedContext()", "the name");
  return { kind: "context", name };
}

/** Whether a value is what {@link from} makes. */
export function isImageBase(value: unknown): value is ImageBase {
  if (typeof value !== "object" || value === null || !("kind" in value) || value.kind !== "image") return false;
  return "image" in value && isReference(value.image);
}

/** Whether a value is what {@link namedContext} makes. */
export function isNamedContext(value: unknown): value is NamedContext {
  if (typeof value !== "object" || value === null || !("kind" in value) || value.kind !== "context") return false;
  return "name" in value && typeof value.name === "string" && CONTEXT.test(value.name);
}

/** The reference as it is written after FROM or in `--from=`. */
export function referenceText(base: ImageBase): string {
  return partsOf(base.image)
    .map((part) => (typeof part === "string" ? part : `\${${part.name}}`))
    .join("");
}

function isReference(image: unknown): image is Text {
  if (!isText(image)) return false;
  return partsOf(image).every(
    (part) => typeof part !== "string" || (part === image ? REFERENCE : /^[A-Za-z0-9._\-/:@]*$/).test(part),
  );
}

function isText(value: unknown): value is Text {
  return WORD.holds(value);
}
