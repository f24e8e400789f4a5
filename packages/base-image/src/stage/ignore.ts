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
  readonly expression: RegExp;
}

/**
 * Reads a .dockerignore as moby does: `#` is a comment only in the first column, a leading slash means nothing, a pattern
 * takes what is below a folder it matches, and the last pattern that matches decides.
 * @see https://github.com/moby/patternmatcher
 */
export function parseIgnore(text: string): Ignore {
  const patterns = text
    .replace(/^\uFEFF/, "")
    .split("\n")
    .filter((line) => !line.startsWith("#"))
    .map((line) => line.trim())
    .filter((line) => line !== "" && line !== "!")
    .map(toPattern);
  return {
    isIgnored: (path) => decide(path, patterns),
    bringsBack: patterns.some(({ brings }) => brings),
  };
}

function decide(path: string, patterns: readonly Pattern[]): boolean {
  const parts = path.split("/");
  const prefixes = parts.map((_, index) => parts.slice(0, index + 1).join("/"));
  const last = patterns.findLast(({ expression }) => prefixes.some((prefix) => expression.test(prefix)));
  return last !== undefined && !last.brings;
}

function toPattern(line: string): Pattern {
  const brings = line.startsWith("!");
  const cleaned = clean((brings ? line.slice(1) : line).trim());
  return { brings, expression: new RegExp(`^${toExpression(cleaned)}$`, "su") };
}

/** Go's `filepath.Clean`, then without the slash at the front. */
function clean(pattern: string): string {
  const kept: string[] = [];
  for (const part of pattern.split("/")) {
    if (part === "..") kept.pop();
    else if (part !== "" && part !== ".") kept.push(part);
  }
  return kept.join("/");
}

function toExpression(pattern: string): string {
  let expression = "";
  for (let index = 0; index < pattern.length; index += 1) {
    const rest = pattern.slice(index);
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
