import { BaseImageError } from "../errors.ts";

/** A Debian release the official images are built on. */
export type Suite = "bookworm" | "trixie";

/** What the official ruby images exist for. @see https://github.com/docker-library/official-images/blob/master/library/ruby */
export const RUBIES: Readonly<Record<string, readonly Suite[]>> = {
  "3.2": ["bookworm", "trixie"],
  "3.3": ["bookworm", "trixie"],
  "3.4": ["bookworm", "trixie"],
  "4.0": ["bookworm", "trixie"],
};

/** What follows from a node major. @see https://github.com/nodejs/docker-node */
export interface NodeRule {
  readonly suites: readonly Suite[];
  /** Debian packages the binary needs beyond those of a slim ruby image. */
  readonly packages: readonly string[];
  /** The Yarn 1 in the image, under /opt/yarn-vVERSION. */
  readonly yarn: string | undefined;
}

const UNTIL_24: NodeRule = { suites: ["bookworm", "trixie"], packages: [], yarn: "1.22.22" };

/** The rule table: libatomic from 25 on, Yarn 1 until 25. */
export const NODES: Readonly<Record<string, NodeRule>> = {
  "20": UNTIL_24,
  "22": UNTIL_24,
  "24": UNTIL_24,
  "25": { ...UNTIL_24, packages: ["libatomic1"] },
  "26": { ...UNTIL_24, packages: ["libatomic1"], yarn: undefined },
};

/** The rule for a node version such as `24` or `24.21.0`. */
export function nodeRule(version: unknown): NodeRule {
  const major = typeof version === "string" ? /^(\d+)(?:\.\d+){0,2}$/.exec(version)?.[1] : undefined;
  const rule = NODES[major ?? ""];
  if (rule !== undefined) return rule;
  throw unsupported("node", version, `${Object.keys(NODES).join(", ")} or a full version of one of them`);
}

/** Refuses a combination the official images do not exist for, or that would mix suites. */
export function assertSupported(ruby: unknown, node: unknown, suite: Suite): void {
  const minor = typeof ruby === "string" ? /^(\d+\.\d+)(?:\.\d+)?$/.exec(ruby)?.[1] : undefined;
  const suites = RUBIES[minor ?? ""];
  if (suites === undefined) {
    throw unsupported("ruby", ruby, `${Object.keys(RUBIES).join(", ")} or a full version of one of them`);
  }
  if (!suites.includes(suite)) throw unsupported("suite", suite, `${suites.join(" or ")} with ruby ${minor}`);
  const rule = nodeRule(node);
  if (!rule.suites.includes(suite))
    throw unsupported("suite", suite, `${rule.suites.join(" or ")} with node ${String(node)}`);
}

/** The libc of what an image's tag names. Code that is compiled for one does not load with the other. */
const LIBCS: Readonly<Record<string, string>> = {
  alpine: "musl",
  bullseye: "glibc",
  bookworm: "glibc",
  trixie: "glibc",
};

/** Refuses images whose tags name another release than the suite: what is compiled on one need not load on the other. */
export function assertOneSuite(images: Readonly<Record<string, string>>, suite: Suite): void {
  for (const [what, image] of Object.entries(images)) {
    const found = Object.keys(LIBCS).find((name) => new RegExp(`(?<![a-z])${name}(?![a-z])`).test(image));
    if (found === undefined || found === suite) continue;
    const reason =
      LIBCS[found] === LIBCS[suite]
        ? "libraries and compiled addons of the newer release do not load on the older one"
        : `programs, gems and addons compiled for ${LIBCS[found]} do not load with ${LIBCS[suite]}, nor the other way round`;
    throw new BaseImageError(
      "BASE_IMAGE_SUITE_MIXED",
      `rubyNode: ${what} comes from ${image}, which is ${found}, but the suite is ${suite}; ${reason}`,
    );
  }
}

function unsupported(what: string, value: unknown, expected: string): BaseImageError {
  return new BaseImageError(
    "BASE_IMAGE_VERSION_UNSUPPORTED",
    `rubyNode: ${what} is ${JSON.stringify(value)}; expected ${expected}`,
  );
}
