import { compilePattern, findMatch, reversePattern, type Match } from "./shell-pattern.ts";
import { partsOf, type BuildArg, type Modifier, type Text, type Variable } from "./text.ts";

/** What a text comes to: its value with the names that had none, or why BuildKit stops. */
export type Expansion =
  | { readonly value: string; readonly unset: readonly string[] }
  | { readonly reason: string; readonly unset: readonly string[] };

/**
 * A text as BuildKit's `ProcessWord` expands it in `environment`. Names that are not in it count as unset and are listed.
 * @see https://docs.docker.com/reference/dockerfile/#environment-replacement
 */
export function expandText(text: Text, environment: ReadonlyMap<string, string>): Expansion {
  const unset = new Set<string>();
  const expander = new Expander(environment, unset);
  const value = expander.text(text);
  if (value === undefined) return { reason: expander.reason ?? "", unset: [...unset] };
  return { value, unset: [...unset] };
}

class Expander {
  reason: string | undefined;
  private readonly environment: ReadonlyMap<string, string>;
  private readonly unset: Set<string>;

  constructor(environment: ReadonlyMap<string, string>, unset: Set<string>) {
    this.environment = environment;
    this.unset = unset;
  }

  text(text: Text): string | undefined {
    const values: string[] = [];
    for (const part of partsOf(text)) {
      const value = typeof part === "string" ? part : this.variable(part);
      if (value === undefined) return undefined;
      values.push(value);
    }
    return values.join("");
  }

  private variable({ name, modifier }: BuildArg | Variable): string | undefined {
    const word = modifier === undefined ? "" : this.text(modifier.word);
    const replacement = modifier?.replacement === undefined ? "" : this.text(modifier.replacement);
    const value = this.environment.get(name);
    if (value === undefined) this.unset.add(name);
    if (modifier === undefined) return value ?? "";
    if (word === undefined || replacement === undefined) return undefined;
    return this.modified(name, value, { operator: modifier.operator, word, replacement });
  }

  private modified(name: string, value: string | undefined, modifier: Expanded): string | undefined {
    const { operator, word } = modifier;
    const missing = value === undefined || (operator.startsWith(":") && value === "");
    switch (operator.replace(":", "").charAt(0)) {
      case "-":
        return missing ? word : value;
      case "+":
        return missing ? "" : word;
      case "?":
        return missing ? this.refuse(name, value, word) : value;
      case "/":
        return this.replaced(value ?? "", modifier);
      default:
        return this.trimmed(value ?? "", modifier);
    }
  }

  private trimmed(value: string, { operator, word }: Expanded): string | undefined {
    const sign = operator.charAt(0);
    const greedy = operator.length === 2 || word.startsWith(sign);
    const pattern = Array.from(operator.length === 1 && greedy ? word.slice(1) : word);
    const suffix = sign === "%";
    const compiled = compilePattern(suffix ? reversePattern(pattern) : pattern);
    if ("reason" in compiled) return this.fail(`invalid pattern (${word}) in substitution: ${compiled.reason}`);
    const characters = suffix ? Array.from(value).toReversed() : Array.from(value);
    const match = findMatch(compiled.tokens, characters, { from: 0, anchored: true, greedy });
    const rest = characters.slice(match?.end ?? 0);
    return (suffix ? rest.toReversed() : rest).join("");
  }

  private replaced(value: string, { operator, word, replacement }: Expanded): string | undefined {
    const compiled = compilePattern(Array.from(word));
    if ("reason" in compiled) return this.fail(`invalid pattern (${word}) in substitution: ${compiled.reason}`);
    const characters = Array.from(value);
    const all = operator === "//";
    const pieces: string[] = [];
    let from = 0;
    let last = -1;
    while (from <= characters.length) {
      const match: Match | undefined = findMatch(compiled.tokens, characters, { from, anchored: false, greedy: true });
      if (match === undefined) break;
      const empty = match.start === match.end;
      pieces.push(characters.slice(from, match.start).join(""));
      if (!(empty && match.start === last)) {
        const matched = characters.slice(match.start, match.end).join("");
        pieces.push(all ? fromTemplate(replacement, matched) : replacement);
        last = match.end;
      }
      if (empty) pieces.push(characters[match.end] ?? "");
      from = empty ? match.end + 1 : match.end;
      if (!all) break;
    }
    return pieces.join("") + characters.slice(from).join("");
  }

  private refuse(name: string, value: string | undefined, word: string): undefined {
    const reason = value === undefined ? "is not allowed to be unset" : "is not allowed to be empty";
    return this.fail(`${name}: ${word === "" ? reason : word}`);
  }

  private fail(reason: string): undefined {
    this.reason = reason;
    return undefined;
  }
}

/** A modifier whose texts are expanded. */
interface Expanded {
  readonly operator: Modifier["operator"];
  readonly word: string;
  readonly replacement: string;
}

/** The replacement of `//` goes through Go's `Regexp.Expand`: `$0` is the match, other names are nothing, `$$` a dollar. */
function fromTemplate(template: string, matched: string): string {
  return template.replaceAll(/\$(?:(\$)|\{([\p{L}\p{Nd}_]+)\}|([\p{L}\p{Nd}_]+))/gu, (_all, dollar, braced, bare) => {
    if (dollar !== undefined) return "$";
    return (braced ?? bare) === "0" ? matched : "";
  });
}
