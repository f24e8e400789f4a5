import { FunctionFailure } from "./function-table.ts";

/**
 * Whether the whole text matches a pattern of `*`, `?`, `[a-z]`, `[^a-z]` and `\`. Neither `*` nor `?` matches a slash
 * (https://pkg.go.dev/path#Match).
 * @throws FunctionFailure for a pattern that is none
 */
export function matchesGlob(pattern: string, text: string): boolean {
  const pieces = readPattern(pattern);
  const characters = Array.from(text);
  let piece = 0;
  let at = 0;
  let star: { readonly piece: number; at: number } | undefined;
  while (at < characters.length || piece < pieces.length) {
    const current = pieces[piece];
    const character = characters[at];
    if (current === "star") {
      piece += 1;
      star = { piece, at };
    } else if (current !== undefined && character !== undefined && current(character)) {
      piece += 1;
      at += 1;
    } else {
      const passed = star === undefined ? undefined : characters[star.at];
      if (star === undefined || passed === undefined || passed === "/") return false;
      star.at += 1;
      ({ piece, at } = star);
    }
  }
  return true;
}

type Piece = "star" | ((character: string) => boolean);

function readPattern(pattern: string): readonly Piece[] {
  const pieces: Piece[] = [];
  const words = pattern.matchAll(/\[(\^?)((?:\\.|[^\]\\])+)\]|\\(.)|([^[\\])|(.)/gsu);
  for (const [, negated, set, escaped, plain] of words) {
    if (set !== undefined) pieces.push(oneOf(pattern, set, negated !== ""));
    else if (escaped !== undefined) pieces.push((character) => character === escaped);
    else if (plain === undefined) throw badPattern(pattern);
    else if (plain === "*") pieces.push("star");
    else pieces.push((character) => (plain === "?" ? character !== "/" : character === plain));
  }
  return pieces;
}

function oneOf(pattern: string, set: string, negated: boolean): Piece {
  const characters = [...set.matchAll(/\\(.)|(.)/gsu)].map(([, escaped, plain]) => ({
    character: escaped ?? plain ?? "",
    isDash: plain === "-",
  }));
  const ranges: [string, string][] = [];
  while (characters.length > 0) {
    const low = characters.shift();
    const isRange = characters[0]?.isDash === true;
    const high = isRange ? characters.splice(0, 2)[1] : low;
    if (low === undefined || low.isDash || high === undefined || high.isDash) throw badPattern(pattern);
    ranges.push([low.character, high.character]);
  }
  return (character) => ranges.some(([low, high]) => low <= character && character <= high) !== negated;
}

function badPattern(pattern: string): FunctionFailure {
  return new FunctionFailure(`bad pattern: ${pattern}`);
}
