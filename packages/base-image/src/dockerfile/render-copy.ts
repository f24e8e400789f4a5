import { BaseImageError } from "../errors.ts";
import { heredoc } from "./heredoc.ts";
import type { CopyInstruction, WriteInstruction } from "./instruction.ts";
import { partsOf, type Text } from "./text.ts";
import { isPlainWord, jsonWord, word } from "./word.ts";

/** `COPY`: plain words where they are harmless, else JSON whose elements are escaped for the word lexer first. */
export function renderCopy(copy: CopyInstruction): string {
  if (copy.sources.length === 0) throw invalid("a COPY has no source", "at least one path");
  const sources = copy.sources.map((source) => anchored(matchLiterally(source)));
  const paths = [...sources, anchored(copy.target)];
  const words = paths.map((path) => word(path, "a path of a COPY"));
  const list = words.every(isPlainWord)
    ? words.join(" ")
    : `[${paths.map((path) => jsonWord(path, "a path of a COPY")).join(", ")}]`;
  return `COPY ${flags(copy)}${list}\n`;
}

/** `COPY` with its body in a heredoc whose delimiter is quoted, so that nothing in it expands. */
export function renderWrite(write: WriteInstruction): string {
  const { marker, lines } = heredoc(write.body, `the body of ${write.path}`);
  const path = word(anchored(write.path), "the path of a written file");
  if (!isPlainWord(path) || write.path.endsWith("/")) {
    throw invalid(
      `the path of a written file is ${JSON.stringify(write.path)}`,
      "a file's path without blanks or quotes",
    );
  }
  return `COPY ${flags(write)}${marker} ${path}\n${lines}`;
}

function flags(copy: Omit<CopyInstruction, "instruction" | "sources" | "target"> | WriteInstruction): string {
  const from = "from" in copy && copy.from !== undefined ? [`--from=${copy.from}`] : [];
  const chown = copy.chown === undefined ? [] : [`--chown=${flagWord(copy.chown, "chown")}`];
  const chmod = copy.chmod === undefined ? [] : [`--chmod=${flagWord(copy.chmod, "chmod")}`];
  const link = "link" in copy && copy.link ? ["--link"] : [];
  return [...from, ...chown, ...chmod, ...link].map((flag) => `${flag} `).join("");
}

function flagWord(value: Text, flag: string): string {
  const rendered = word(value, `--${flag}`);
  if (isPlainWord(rendered)) return rendered;
  throw invalid(`--${flag} is ${rendered}`, "names or numbers without blanks or quotes");
}

/**
 * `*` and `?` in a source match; a bracket is a bracket, as in `app/[id]/page.tsx`. Go's matcher reads a backslash as an
 * escape only when the path has something to match.
 * @see https://pkg.go.dev/path/filepath#Match
 */
function matchLiterally(source: Text): Text {
  const parts = partsOf(source);
  const matches = parts.some((part) => typeof part === "string" && /[*?[]/.test(part));
  if (!matches) return source;
  const escaped = parts.map((part) =>
    typeof part === "string" ? part.replaceAll(/[\\[]/g, (char) => (char === "[" ? "[[]" : "\\\\")) : part,
  );
  return { kind: "expandable", parts: escaped };
}

/** A first character that would make a path a heredoc or a flag is moved off the front. */
function anchored(path: Text): Text {
  const [first = "", ...rest] = partsOf(path);
  if (typeof first !== "string" || !/^(?:<<|--)/.test(first)) return path;
  return { kind: "expandable", parts: [`./${first}`, ...rest] };
}

function invalid(found: string, expected: string): BaseImageError {
  return new BaseImageError("BASE_IMAGE_INVALID_VALUE", `${found}; expected ${expected}`);
}
