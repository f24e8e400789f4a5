/** Decides about a path below the context, with `/` between its parts. */
export type IgnoreRule = (path: string) => boolean;

/** The patterns of a .dockerignore, compiled. */
export interface Ignore {
  readonly isIgnored: IgnoreRule;
  /** Whether some pattern brings paths back, so that an ignored folder must still be looked into. */
  readonly bringsBack: boolean;
}

interface Pattern {
  readonly brings: boolean;
  readonly matches: IgnoreRule;
}

/**
 * Reads a .dockerignore as moby does: `#` is a comment only in the first column, a leading slash means nothing, a pattern
 * takes what is below a folder it matches, and the last pattern that matches decides.
 * @see https://github.com/moby/patternmatcher
 * @throws Error naming a pattern that moby refuses, or one with an escaped letter or digit, which moby takes for something
 * else than that character
 */
export function parseIgnore(text: string): Ignore {
  const patterns = text
    .replace(/^\uFEFF/, "")
    .split("\n")
    .filter((line) => !line.startsWith("#"))
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .map(toPattern);
  return {
    isIgnored: (path) => decide(path, patterns),
    bringsBack: patterns.some(({ brings }) => brings),
  };
}

function decide(path: string, patterns: readonly Pattern[]): boolean {
  const parts = path.split("/");
  const prefixes = parts.map((_, index) => parts.slice(0, index + 1).join("/"));
  const last = patterns.findLast(({ matches }) => prefixes.some(matches));
  return last !== undefined && !last.brings;
}

function toPattern(line: string): Pattern {
  const brings = line.startsWith("!");
  const pattern = (brings ? line.slice(1) : line).trim();
  if (pattern === "") throw new Error(`illegal exclusion pattern: ${line}`);
  return { brings, matches: toMatch(clean(pattern)) };
}

/** `**` before plain text takes every path that ends in the text, also in the middle of a name. */
function toMatch(pattern: string): IgnoreRule {
  if (/^\*\*[^*?\\[\]]+$/.test(pattern)) {
    const ending = pattern.slice(2);
    return (path) => path.endsWith(ending) || `/${path}` === ending;
  }
  const expression = new RegExp(`^${toExpression(pattern)}$`, "su");
  return (path) => expression.test(path);
}

/** Go's `filepath.Clean`, then without the slash at the front. */
function clean(pattern: string): string {
  const kept: string[] = [];
  for (const part of pattern.split("/")) {
    if (part === ".." && kept.length > 0 && kept.at(-1) !== "..") kept.pop();
    else if (part === "..") kept.push(...(pattern.startsWith("/") ? [] : [part]));
    else if (part !== "" && part !== ".") kept.push(part);
  }
  return kept.join("/");
}

function toExpression(pattern: string): string {
  let expression = "";
  for (let index = 0; index < pattern.length; index += 1) {
    const rest = pattern.slice(index);
    if (/^\[(?!\^?[^\]]+\])|^\\[A-Za-z0-9]/.test(rest)) throw new Error(`syntax error in pattern: ${pattern}`);
    const special = SPECIALS.find(({ at }) => at.test(rest));
    const [found = ""] = special?.at.exec(rest) ?? [];
    expression += special === undefined ? escape(pattern.charAt(index)) : special.to(found);
    index += Math.max(found.length - 1, 0);
  }
  return expression;
}

const SPECIALS: readonly { readonly at: RegExp; readonly to: (found: string) => string }[] = [
  { at: /^\*\*$/, to: () => ".*" },
  { at: /^\*\*\/?/, to: () => "(?:.*/)?" },
  { at: /^\*/, to: () => "[^/]*" },
  { at: /^\?/, to: () => "[^/]" },
  { at: /^\\./s, to: (found) => escape(found.slice(1)) },
  { at: /^\[\^?[^\]]+\]/, to: (found) => found },
];

function escape(char: string): string {
  return char.replace(/[$()*+./?[\\\]^{|}]/, String.raw`\$&`);
}
