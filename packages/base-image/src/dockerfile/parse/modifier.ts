import { compilePattern, reversePattern } from "../shell-pattern.ts";
import { OPERATORS, type Modifier, type Text } from "../text.ts";

/**
 * What `${NAME` + `written` + word + `}` asks for; nothing where BuildKit knows no such modifier. A second `#` or `%` is
 * the first character of the word, quoted or not.
 */
export function modifierOf(written: string, word: Text): Modifier | undefined {
  const sign = written.slice(-1);
  if (sign === "#" || sign === "%") {
    const rest = withoutFirst(word, sign);
    if (rest === undefined) return { operator: sign, word };
    return { operator: sign === "#" ? "##" : "%%", word: rest };
  }
  const operator = OPERATORS.find((known) => known === written);
  return operator === undefined ? undefined : { operator, word };
}

/** Why the pattern of a modifier is none; nothing where it is one, or where only the build knows what it is. */
export function checkPattern({ operator, word }: Modifier): string | undefined {
  if (typeof word !== "string" || !"#%/".includes(operator.charAt(0))) return undefined;
  const characters = Array.from(word);
  const pattern = compilePattern(operator.startsWith("%") ? reversePattern(characters) : characters);
  return "reason" in pattern ? `invalid pattern (${word}) in substitution: ${pattern.reason}` : undefined;
}

function withoutFirst(word: Text, sign: string): Text | undefined {
  if (typeof word === "string") return word.startsWith(sign) ? word.slice(1) : undefined;
  if (word.kind !== "expandable") return undefined;
  const [first, ...rest] = word.parts;
  if (typeof first !== "string" || !first.startsWith(sign)) return undefined;
  return { kind: "expandable", parts: first.length > 1 ? [first.slice(1), ...rest] : rest };
}
