import { BaseImageError } from "../errors.ts";
import {
  assertShape,
  BOOLEAN,
  listOf,
  matching,
  optional,
  STRING,
  WORDS,
  type ValueKind,
} from "../dockerfile/value-kind.ts";
import { IMAGE_NAME, LINT, REPOSITORY } from "../stage/image.ts";
import { DEBIAN_PACKAGE, SECRET_ID } from "./apt.ts";
import { CERTIFICATE } from "./certificate.ts";
import { chosen, invalid } from "./chosen.ts";
import { DATABASES } from "./databases.ts";
import { FONTS } from "./fonts.ts";
import { PLAIN_LOCALE } from "./locale.ts";
import { packageManager, type PackageManager } from "./package-manager.ts";
import type { RubyNodeInput } from "./ruby-node-input.ts";
import { assertOneSuite, assertSupported, nodeRule, type NodeRule } from "./supported.ts";
import { readCi, readPdf, type CiInput, type PdfInput } from "./variant-options.ts";

/** The same with every default in place and every value checked. */
export interface RubyNodeRecipe extends Required<
  Omit<
    RubyNodeInput,
    Left | "budget" | "ci" | "pdf" | "lint" | "repository" | "packageManager" | "certificates" | "packages"
  >
> {
  readonly bundler: string | undefined;
  readonly mallocArenaMax: number | undefined;
  readonly timeZone: string | undefined;
  readonly certificates: { readonly runtime: readonly string[]; readonly build: string | undefined };
  readonly manager: PackageManager | undefined;
  readonly ci: Required<CiInput> | undefined;
  readonly pdf: Required<PdfInput> | undefined;
  readonly packages: { readonly runtime: readonly string[]; readonly builder: readonly string[] };
  readonly nodeRule: NodeRule;
}

/** What stays undefined when it is left out. */
type Left = "bundler" | "mallocArenaMax" | "timeZone";

/** What is checked where it is used may be anything here: versions and the suite, certificates, packages, budgets. */
const LATER: ValueKind = { expected: "", holds: () => true };

const ARENAS: ValueKind = {
  expected: "a whole number from 1 on",
  holds: (value) => Number.isSafeInteger(value) && Number(value) >= 1,
};

const TIME_ZONE: ValueKind = {
  expected: "the name of a time zone, as Asia/Tokyo or UTC",
  holds: (value) => typeof value === "string" && /^(?:UTC|[A-Z]\w+(?:\/[\w+-]+)+)$/.test(value) && isZone(value),
};

const LOCALE: ValueKind = matching(
  /^(?:C|[a-z]{2,3}_[A-Z]{2})\.UTF-8$/,
  "a locale of UTF-8, as C.UTF-8 or ja_JP.UTF-8",
);

const KINDS: Readonly<Record<keyof RubyNodeInput, ValueKind>> = {
  name: optional(IMAGE_NAME),
  ruby: LATER,
  node: LATER,
  suite: LATER,
  packageManager: optional(STRING),
  bundler: optional(STRING),
  databases: optional(listOf(STRING)),
  jemalloc: optional(BOOLEAN),
  mallocArenaMax: optional(ARENAS),
  yjit: optional(BOOLEAN),
  stripNode: optional(BOOLEAN),
  timeZone: optional(TIME_ZONE),
  locale: optional(LOCALE),
  fonts: optional(listOf(STRING)),
  certificates: LATER,
  packages: LATER,
  ci: LATER,
  pdf: LATER,
  programs: optional(listOf(WORDS)),
  lint: optional(LINT),
  repository: optional(REPOSITORY),
  budget: LATER,
  rubyImage: optional(WORDS),
  nodeImage: optional(WORDS),
  debianImage: optional(WORDS),
};

/** Checks the input of `rubyNode` and fills in what it leaves out. */
export function readRubyNode(input: RubyNodeInput): RubyNodeRecipe {
  assertShape(input, KINDS, "rubyNode()");
  assertSupported(input.ruby, input.node, input.suite);
  const rule = nodeRule(input.node);
  const rubyImage = input.rubyImage ?? `ruby:${input.ruby}-slim-${input.suite}`;
  const nodeImage = input.nodeImage ?? `node:${input.node}-${input.suite}-slim`;
  const debianImage = input.debianImage ?? `debian:${input.suite}-slim`;
  assertOneSuite({ ruby: rubyImage, node: nodeImage, debian: debianImage }, input.suite);
  assertBundler(input.bundler);
  return {
    name: input.name ?? "ruby-node",
    ruby: input.ruby,
    node: input.node,
    suite: input.suite,
    databases: chosen("databases", input.databases ?? ["postgresql"], Object.keys(DATABASES)),
    ...allocator(input),
    yjit: input.yjit ?? false,
    stripNode: input.stripNode ?? false,
    timeZone: input.timeZone,
    locale: input.locale ?? PLAIN_LOCALE,
    fonts: chosen("fonts", input.fonts ?? [], Object.keys(FONTS)),
    certificates: certificates(input.certificates),
    packages: packages(input.packages),
    ci: readCi(input.ci),
    pdf: readPdf(input.pdf, input.fonts),
    programs: input.programs ?? [],
    rubyImage,
    nodeImage,
    debianImage,
    nodeRule: rule,
    bundler: input.bundler,
    manager: input.packageManager === undefined ? undefined : packageManager(input.packageManager, rule),
  };
}

/** jemalloc takes malloc's place, so a limit of malloc's arenas would mean nothing beside it. */
function allocator({ jemalloc, mallocArenaMax }: RubyNodeInput): Pick<RubyNodeRecipe, "jemalloc" | "mallocArenaMax"> {
  if (jemalloc === true && mallocArenaMax !== undefined) {
    throw new BaseImageError(
      "BASE_IMAGE_INVALID_VALUE",
      `rubyNode: mallocArenaMax is ${mallocArenaMax} and jemalloc is true; expected one of them, as jemalloc takes the place of the malloc whose arenas are limited`,
      { hint: "Remove mallocArenaMax, or set jemalloc to false." },
    );
  }
  return { jemalloc: jemalloc ?? mallocArenaMax === undefined, mallocArenaMax };
}

function assertBundler(version: string | undefined): void {
  if (version === undefined || /^\d+\.\d+\.\d+[0-9A-Za-z.]*$/.test(version)) return;
  throw invalid("bundler", version, "an exact version, as 2.5.22");
}

function certificates(input: RubyNodeInput["certificates"] = {}): RubyNodeRecipe["certificates"] {
  const kinds = { runtime: optional(listOf(CERTIFICATE)), build: optional(SECRET_ID) };
  assertShape(input, kinds, "rubyNode(): certificates");
  return { runtime: input.runtime ?? [], build: input.build };
}

function packages(input: RubyNodeInput["packages"] = {}): RubyNodeRecipe["packages"] {
  const names = optional(listOf(DEBIAN_PACKAGE));
  assertShape(input, { runtime: names, builder: names }, "rubyNode(): packages");
  const { runtime = [], builder = [] } = input;
  return { runtime, builder };
}

/** Whether ICU knows a zone; Debian's own files are asked in the build. */
function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name }).format();
    return true;
  } catch {
    return false;
  }
}
