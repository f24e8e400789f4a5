import { assertShape, BOOLEAN, listOf, optional, STRING } from "../dockerfile/value-kind.ts";
import { DEBIAN_PACKAGE } from "./apt.ts";
import { chosen } from "./chosen.ts";
import { FONTS, type Font } from "./fonts.ts";

/** What a `ci` variant may have beyond the builder. */
export interface CiInput {
  /** Whether the user may become root without a password, for orbs and actions that call sudo. Default false. */
  readonly sudo?: boolean;
  /** Further Debian packages. */
  readonly packages?: readonly string[];
}

/** What a `pdf` variant is made of. */
export interface PdfInput {
  /** Default: the fonts of the definition, or IPAex when it has none. */
  readonly fonts?: readonly Font[];
  /** Whether the image has node (without npm), for a service that drives the browser. Default false. */
  readonly node?: boolean;
  /** Further Debian packages. */
  readonly packages?: readonly string[];
}

/** The options of a `ci` variant with every default; undefined when there is to be none. */
export function readCi(input: CiInput | boolean = false): Required<CiInput> | undefined {
  if (input === false) return undefined;
  const given = input === true ? {} : input;
  assertShape(given, { sudo: optional(BOOLEAN), packages: PACKAGES }, "rubyNode(): ci");
  return { sudo: given.sudo ?? false, packages: given.packages ?? [] };
}

/** The options of a `pdf` variant with every default; undefined when there is to be none. */
export function readPdf(
  input: PdfInput | boolean = false,
  fonts: readonly Font[] = ["ipaex"],
): Required<PdfInput> | undefined {
  if (input === false) return undefined;
  const given = input === true ? {} : input;
  const kinds = { fonts: optional(listOf(STRING, 1)), node: optional(BOOLEAN), packages: PACKAGES };
  assertShape(given, kinds, "rubyNode(): pdf");
  return {
    fonts: chosen("pdf.fonts", given.fonts ?? fonts, Object.keys(FONTS)),
    node: given.node ?? false,
    packages: given.packages ?? [],
  };
}

const PACKAGES = optional(listOf(DEBIAN_PACKAGE));
