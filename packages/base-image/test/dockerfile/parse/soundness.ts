import { placeOf, type ParsedDockerfile, type ParsedLine } from "../../../src/dockerfile/parse/parsed.ts";

/**
 * What is wrong with the result of reading `text`: an error or an instruction that is not where it says, lines that belong to
 * nothing, a file that is neither read nor refused. Nothing when all is well.
 */
export function unsound(text: string, parsed: ParsedDockerfile): string | undefined {
  const lines = text.replace(/^\uFEFF/, "").split("\n");
  for (const { line, column, message } of parsed.findings) {
    const length = lines[line - 1]?.length ?? 0;
    if (line < 1 || line > lines.length || column < 1 || column > length + 1)
      return `${line}:${column} is nowhere: ${message}`;
    if (message === "") return `${line}:${column} says nothing`;
  }
  if (parsed.findings.some(({ severity }) => severity === "error")) return undefined;
  if (parsed.stages.length === 0) return "no stage and no error";
  return misplaced(lines, [...parsed.globalArgs, ...parsed.stages.flatMap((stage) => [stage, ...stage.instructions])]);
}

function misplaced(lines: readonly string[], instructions: readonly ParsedLine[]): string | undefined {
  let next = 1;
  for (const { keyword, place, raw, words, text, ...instruction } of instructions) {
    const stray = strayIn(lines.slice(next - 1, place.line - 1));
    if (stray !== undefined) return `${JSON.stringify(stray)} before line ${place.line} belongs to nothing`;
    if (
      !raw.includes(keyword) ||
      !raw.endsWith(
        (lines[place.endLine - 1] ?? "")
          .slice(0, place.endColumn - 1)
          .slice(-5)
          .trimStart(),
      )
    )
      return `the raw text of line ${place.line} is not there`;
    for (const word of words) {
      const at = placeOf(instruction, word);
      const first = text.charAt(word.start);
      if (word.end > word.start && lines[at.line - 1]?.charAt(at.column - 1) !== first)
        return `a word is not at ${at.line}:${at.column}`;
    }
    next = place.endLine + 1;
  }
  return undefined;
}

/**
 * The first of these lines that ought to be in an instruction, continued ones joined: not blank lines, comments,
 * continuations of nothing and `MAINTAINER`, which is read and dropped.
 */
function strayIn(lines: readonly string[]): string | undefined {
  return lines
    .filter((line) => !/^[\s\u0085]*(?:#|$)/.test(line))
    .join("\n")
    .replaceAll(/[\\`][ \t\r]*(?:\n|$)/g, "")
    .split("\n")
    .find((line) => !/^[\s\u0085]*(?:maintainer\s|$)/i.test(line));
}
