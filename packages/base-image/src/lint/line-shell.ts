import { placeOf, type ParsedLine } from "../dockerfile/parse/parsed.ts";
import { splitShell, type ShellCommand } from "./shell-command.ts";

/** A point in the file, both from 1. */
export interface Point {
  readonly line: number;
  readonly column: number;
}

/** What an instruction runs. */
export interface LineShell {
  /** How it is run; `script` is a heredoc that is the whole of a RUN. */
  readonly form: "none" | "shell" | "exec" | "script";
  /** The text a shell gets. */
  readonly text: string;
  readonly commands: readonly ShellCommand[];
  /** Offsets of comments in `text`. */
  readonly comments: readonly number[];
  /** Where an offset of `text`, or of a word of a program, stands. */
  pointAt(offset: number): Point;
}

const RUNS = new Set(["RUN", "CMD", "ENTRYPOINT", "HEALTHCHECK"]);

/** Reads what an instruction hands to a shell, or the program it runs. */
export function readShell(line: ParsedLine, name: string): LineShell {
  const [first] = line.words;
  if (!RUNS.has(name) || first === undefined) return nothing(line);
  if (line.json) return execForm(line);
  const [heredoc, ...more] = line.heredocs;
  const marker = heredoc === undefined ? "" : line.text.slice(heredoc.start, heredoc.end);
  if (heredoc !== undefined && more.length === 0 && first.text.trim() === marker) {
    return heredoc.body.startsWith("#!") ? nothing(line) : scriptForm(heredoc.body, heredoc.line, heredoc.stripTabs);
  }
  return shellForm(line, first);
}

/** A shell command; the bodies that its markers name stand below it, as the shell gets them. */
function shellForm(line: ParsedLine, first: { readonly text: string; readonly start: number }): LineShell {
  const { commands, comments } = splitShell(first.text);
  const [below] = line.heredocs;
  const bodies = line.heredocs.map(({ body, name }) => `${body}${name}\n`).join("");
  const text = below === undefined ? first.text : `${first.text}\n${bodies}`;
  const pointAt = (offset: number): Point =>
    below === undefined || offset <= first.text.length
      ? pointIn(line, first.start + offset)
      : pointBelow(bodies, offset - first.text.length - 1, below.line);
  return { form: "shell", text, commands, comments, pointAt };
}

function pointBelow(text: string, offset: number, firstLine: number): Point {
  const before = text.slice(0, offset).split("\n");
  return { line: firstLine + before.length - 1, column: (before.at(-1) ?? "").length + 1 };
}

function nothing(line: ParsedLine): LineShell {
  return { form: "none", text: "", commands: [], comments: [], pointAt: () => line.place };
}

function execForm(line: ParsedLine): LineShell {
  const words = line.words.map(({ text, start }) => ({ raw: text, value: text, start }));
  const command: ShellCommand = {
    words,
    assignments: [],
    redirections: [],
    before: "start",
    after: "start",
    depth: 0,
  };
  const pointAt = (offset: number): Point => pointIn(line, offset);
  return { form: "exec", text: "", commands: words.length === 0 ? [] : [command], comments: [], pointAt };
}

function scriptForm(body: string, firstLine: number, stripTabs: boolean): LineShell {
  const text = stripTabs ? body.replaceAll(/^\t+/gm, (tabs) => " ".repeat(tabs.length)) : body;
  const { commands, comments } = splitShell(text);
  return { form: "script", text, commands, comments, pointAt: (offset) => pointBelow(text, offset, firstLine) };
}

function pointIn(line: ParsedLine, offset: number): Point {
  const { line: row, column } = placeOf(line, { start: offset, end: offset + 1 });
  return { line: row, column };
}
