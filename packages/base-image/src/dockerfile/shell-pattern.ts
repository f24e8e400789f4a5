/** A piece of a pattern: any text within a line, any one character, or the character itself. */
type Token = "any" | "one" | { readonly character: string };

/** A pattern of `${NAME#pattern}` and its relatives, or why it is none. */
export type ShellPattern = { readonly tokens: readonly Token[] } | { readonly reason: string };

/** Where a pattern matched, in code points. */
export interface Match {
  readonly start: number;
  readonly end: number;
}

/**
 * Reads a pattern as BuildKit does: `*`, `?`, and a backslash only before these, itself, `}` and `/`. Brackets are
 * ordinary characters.
 */
export function compilePattern(pattern: readonly string[]): ShellPattern {
  const tokens: Token[] = [];
  for (let at = 0; at < pattern.length; at += 1) {
    const character = pattern[at] ?? "";
    const next = pattern[at + 1];
    if (character === "*") tokens.push("any");
    else if (character === "?") tokens.push("one");
    else if (character !== "\\") tokens.push({ character });
    else if (next === "*" || next === "?" || next === "\\") {
      tokens.push({ character: next });
      at += 1;
    } else if (next !== "}" && next !== "/") return { reason: `invalid escape '\\${next ?? "\uFFFD"}'` };
  }
  return { tokens };
}

/** The pattern that matches reversed text; an escape stays before what it escapes. */
export function reversePattern(pattern: readonly string[]): readonly string[] {
  const reversed: string[] = [];
  for (let at = 0; at < pattern.length; at += 1) {
    const next = pattern[at + 1];
    if (pattern[at] === "\\" && next !== undefined) {
      reversed.push(next, "\\");
      at += 1;
    } else reversed.push(pattern[at] ?? "");
  }
  return reversed.toReversed();
}

/** How {@link findMatch} searches: from where on, only there or anywhere, the longest match or the shortest. */
export interface Search {
  readonly from: number;
  readonly anchored: boolean;
  readonly greedy: boolean;
}

/** The leftmost match. One pass over the text, whatever the pattern. */
export function findMatch(tokens: readonly Token[], text: readonly string[], search: Search): Match | undefined {
  let best: Match | undefined;
  let states = new States(tokens);
  states.reach(0, search.from);
  for (let at = search.from; at <= text.length && !states.isEmpty; at += 1) {
    const start = states.accepted();
    if (start !== Infinity) best = { start, end: at };
    if (best !== undefined && !search.greedy) return best;
    states = states.step(text[at] ?? "", best?.start ?? Infinity);
    if (best === undefined && !search.anchored) states.reach(0, at + 1);
  }
  return best;
}

/** For each place in the pattern, where the earliest match that has come so far begins. */
class States {
  isEmpty = true;
  private readonly tokens: readonly Token[];
  private readonly starts: number[];

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
    this.starts = Array.from({ length: tokens.length + 1 }, () => Infinity);
  }

  reach(index: number, start: number): void {
    if (start === Infinity) return;
    this.isEmpty = false;
    this.starts[index] = Math.min(this.startOf(index), start);
  }

  /** Where the earliest match that may end here begins. */
  accepted(): number {
    for (const [index, token] of this.tokens.entries()) if (token === "any") this.reach(index + 1, this.startOf(index));
    return this.startOf(this.tokens.length);
  }

  /** One character on; what began later than `limit` is given up. */
  step(character: string, limit: number): States {
    const next = new States(this.tokens);
    for (const [index, token] of this.tokens.entries()) {
      const start = this.startOf(index);
      if (start > limit || start === Infinity || !accepts(token, character)) continue;
      next.reach(token === "any" ? index : index + 1, start);
    }
    return next;
  }

  private startOf(index: number): number {
    return this.starts[index] ?? Infinity;
  }
}

function accepts(token: Token, character: string): boolean {
  return typeof token === "object" ? token.character === character : character !== "\n";
}
