import { BaseImageError } from "../errors.ts";
import { nearest } from "../dockerfile/known-keys.ts";
import { assertShape, BOOLEAN, listOf, optional, STRING, WORDS, type ValueKind } from "../dockerfile/value-kind.ts";
import { IMAGE_NAME, LINT, type LintInput } from "../stage/image.ts";
import { DEBIAN_PACKAGE } from "./apt.ts";
import { DATABASES, type Database } from "./databases.ts";
import { packageManager, type PackageManager } from "./package-manager.ts";
import { assertSupported, nodeRule, type NodeRule, type Suite } from "./supported.ts";

/** What {@link rubyNode} takes. */
export interface RubyNodeInput {
  /** Names the image in tags. Default `ruby-node`. */
  readonly name?: string;
  /** `3.3` or `3.3.8`. */
  readonly ruby: string;
  /** `24` or `24.21.0`. */
  readonly node: string;
  /** The Debian release of both. */
  readonly suite: Suite;
  /** As in package.json: `yarn@1.22.22`. Without it the image has the npm that comes with node. */
  readonly packageManager?: string;
  /** The version under BUNDLED WITH in the Gemfile.lock; see `bundledWith`. Without it, ruby's own. */
  readonly bundler?: string;
  /** Whose client libraries the image has. Default `["postgresql"]`. */
  readonly databases?: readonly Database[];
  /** Whether jemalloc is preloaded. Default true. */
  readonly jemalloc?: boolean;
  /** Further Debian packages. */
  readonly packages?: { readonly runtime?: readonly string[]; readonly builder?: readonly string[] };
  /** Packages whose program is baked in, such as `@slipway/entrypoint`. Default none. */
  readonly programs?: readonly string[];
  /** What `base-image check` is not to report. */
  readonly lint?: LintInput;
  /** Where ruby comes from instead of the official image of this version and suite, such as a mirror. */
  readonly rubyImage?: string;
  /** Where node comes from instead of the official image of this version and suite. */
  readonly nodeImage?: string;
}

/** The same with every default in place and every value checked. */
export interface RubyNodeRecipe extends Required<
  Omit<RubyNodeInput, "bundler" | "lint" | "packageManager" | "packages">
> {
  readonly bundler: string | undefined;
  readonly manager: PackageManager | undefined;
  readonly packages: { readonly runtime: readonly string[]; readonly builder: readonly string[] };
  readonly nodeRule: NodeRule;
}

/** Versions and the suite are held against the table of what exists, so here they may be anything. */
const LATER: ValueKind = { expected: "", holds: () => true };

const KINDS: Readonly<Record<keyof RubyNodeInput, ValueKind>> = {
  name: optional(IMAGE_NAME),
  ruby: LATER,
  node: LATER,
  suite: LATER,
  packageManager: optional(STRING),
  bundler: optional(STRING),
  databases: optional(listOf(STRING)),
  jemalloc: optional(BOOLEAN),
  packages: LATER,
  programs: optional(listOf(WORDS)),
  lint: optional(LINT),
  rubyImage: optional(WORDS),
  nodeImage: optional(WORDS),
};

/** Checks the input of `rubyNode` and fills in what it leaves out. */
export function readRubyNode(input: RubyNodeInput): RubyNodeRecipe {
  assertShape(input, KINDS, "rubyNode()");
  assertSupported(input.ruby, input.node, input.suite);
  const rule = nodeRule(input.node);
  const rubyImage = input.rubyImage ?? `ruby:${input.ruby}-slim-${input.suite}`;
  const nodeImage = input.nodeImage ?? `node:${input.node}-${input.suite}-slim`;
  assertOneSuite(rubyImage, nodeImage, input.suite);
  assertBundler(input.bundler);
  return {
    name: input.name ?? "ruby-node",
    ruby: input.ruby,
    node: input.node,
    suite: input.suite,
    databases: databases(input.databases ?? ["postgresql"]),
    jemalloc: input.jemalloc ?? true,
    packages: packages(input.packages),
    programs: input.programs ?? [],
    rubyImage,
    nodeImage,
    nodeRule: rule,
    bundler: input.bundler,
    manager: input.packageManager === undefined ? undefined : packageManager(input.packageManager, rule),
  };
}

/** A library or an addon made on one Debian release need not load on another. */
function assertOneSuite(rubyImage: string, nodeImage: string, suite: Suite): void {
  for (const [what, image] of Object.entries({ ruby: rubyImage, node: nodeImage })) {
    const found = /bullseye|bookworm|trixie|alpine/.exec(image)?.[0];
    if (found === undefined || found === suite) continue;
    throw new BaseImageError(
      "BASE_IMAGE_SUITE_MIXED",
      `rubyNode: ${what} comes from ${image}, which is ${found}, but the suite is ${suite}; libraries and compiled addons of the newer release do not load on the older one`,
    );
  }
}

function assertBundler(version: string | undefined): void {
  if (version === undefined || /^\d+\.\d+\.\d+[0-9A-Za-z.]*$/.test(version)) return;
  throw invalid("bundler", version, "an exact version, as 2.5.22");
}

function databases(names: readonly Database[]): readonly Database[] {
  const known = Object.keys(DATABASES);
  for (const name of names) {
    if (known.includes(name)) continue;
    const near = nearest(name, known);
    throw invalid("databases", name, `${known.join(", ")}${near === undefined ? "" : ` (did you mean ${near}?)`}`);
  }
  return names;
}

function packages(input: RubyNodeInput["packages"] = {}): RubyNodeRecipe["packages"] {
  const names = optional(listOf(DEBIAN_PACKAGE));
  assertShape(input, { runtime: names, builder: names }, "rubyNode(): packages");
  const { runtime = [], builder = [] } = input;
  return { runtime, builder };
}

function invalid(key: string, value: unknown, expected: string): BaseImageError {
  return new BaseImageError(
    "BASE_IMAGE_INVALID_VALUE",
    `rubyNode: ${key} is ${JSON.stringify(value)}; expected ${expected}`,
  );
}
