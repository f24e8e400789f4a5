import { readToken, type Token } from "./shell-token.ts";

/** A word of shell text. Offsets are of the text that was split. */
export interface ShellWord {
  /** As written. */
  readonly raw: string;
  /** Without its quotes; what the shell expands is left as written. */
  readonly value: string;
  readonly start: number;
}

/** What stands between a command and the one before it. */
export type Joint = "start" | "&&" | "||" | ";" | "&" | "|";

/** A redirection: `> FILE`, `2>&1`, `< FILE`. */
export interface Redirection {
  readonly operator: string;
  readonly target: string;
}

/** A simple command: its words without assignments and redirections before, between and behind them. */
export interface ShellCommand {
  readonly words: readonly ShellWord[];
  readonly assignments: readonly ShellWord[];
  readonly redirections: readonly Redirection[];
  readonly before: Joint;
  /** What ends it; `start` where the text ends. */
  readonly after: Joint;
  /** How many `(`, `{`, `if`, loops and functions it stands in. */
  readonly depth: number;
}

/** What splitting found beside the commands. */
export interface SplitShell {
  readonly commands: readonly ShellCommand[];
  /** The offset of every `#` that begins a comment. */
  readonly comments: readonly number[];
}

const OPENING = new Set(["(", "{", "if", "for", "while", "until", "case", "select"]);
const CLOSING = new Set([")", "}", "fi", "done", "esac"]);
const BETWEEN = new Set(["then", "else", "elif", "do", "!", "time", "in"]);
/** Words behind which no command stands on the same line. */
const HEADS = new Set(["for", "case", "select"]);

const ASSIGNMENT = /^[A-Za-z_]\w*\+?=/;

/**
 * Splits the text of a RUN into its simple commands, also those of groups, conditions and loops. Quotes, substitutions,
 * folded lines, comments and heredocs inside a script are read as a POSIX shell reads them; what is inside `$(…)` and
 * backquotes stays part of its word.
 */
export function splitShell(text: string): SplitShell {
  const reader = new CommandReader();
  const comments: number[] = [];
  let offset = 0;
  let pending: Token[] = [];
  while (offset < text.length) {
    const token = readToken(text, offset);
    offset = token.end;
    if (token.kind === "comment") comments.push(token.start);
    if (token.kind === "heredoc") pending.push(token);
    if (token.kind === "separator" && token.text === "\n") {
      for (const heredoc of pending) offset = behindBody(text, offset, heredoc);
      pending = [];
    }
    reader.take(token);
  }
  return { commands: reader.end(), comments };
}

/** The offset behind the lines of a heredoc. */
function behindBody(text: string, from: number, { text: marker }: Token): number {
  const strip = marker.startsWith("<<-");
  const name = marker.replace(/^<<-?\s*/, "").replaceAll(/['"\\]/g, "");
  let offset = from;
  while (offset < text.length) {
    const end = text.indexOf("\n", offset);
    const line = text.slice(offset, end === -1 ? text.length : end);
    offset = end === -1 ? text.length : end + 1;
    if ((strip ? line.replace(/^\t+/, "") : line) === name) break;
  }
  return offset;
}

class CommandReader {
  readonly #commands: ShellCommand[] = [];
  #words: ShellWord[] = [];
  #assignments: ShellWord[] = [];
  #redirections: Redirection[] = [];
  #redirecting: string | undefined;
  #before: Joint = "start";
  readonly #open: string[] = [];
  #inHead = false;
  /** Where the commands of a branch of `case` begin: what stands there up to `)` is its pattern. */
  #branch = 0;

  take(token: Token): void {
    if (token.kind === "redirection") this.#redirecting = token.text;
    else if (token.kind === "separator") this.#separate(token.text);
    else if (token.kind === "word") this.#word(token);
  }

  end(): readonly ShellCommand[] {
    this.#finish("start");
    return this.#commands;
  }

  #word({ text: raw, value, start }: Token): void {
    const word = { raw, value, start };
    if (this.#redirecting !== undefined) {
      this.#redirections.push({ operator: this.#redirecting, target: value });
      this.#redirecting = undefined;
    } else if (this.#words.length === 0 && !this.#inHead && this.#isKeyword(raw)) return;
    else if (this.#words.length === 0 && ASSIGNMENT.test(raw)) this.#assignments.push(word);
    else this.#words.push(word);
  }

  /** Whether a word at the beginning of a command is the shell's own, and no part of it. */
  #isKeyword(raw: string): boolean {
    if (OPENING.has(raw)) this.#open.push(raw);
    else if (CLOSING.has(raw)) this.#open.pop();
    else if (!BETWEEN.has(raw)) return false;
    this.#inHead = HEADS.has(raw);
    this.#branch = this.#commands.length;
    return true;
  }

  #separate(text: string): void {
    if (text === "(") {
      this.#isKeyword(text);
    } else if (text === ")" && this.#open.at(-1) === "case") {
      this.#clear();
      this.#commands.length = this.#branch;
      this.#before = ";";
    } else if (text === ")") {
      this.#finish(";");
      this.#open.pop();
    } else {
      this.#finish(text === "\n" || text === ";;" ? ";" : (text as Joint));
      if (text === ";;") this.#branch = this.#commands.length;
    }
  }

  #finish(after: Joint): void {
    const empty = this.#words.length === 0 && this.#assignments.length === 0 && this.#redirections.length === 0;
    if (!empty && !this.#inHead) {
      this.#commands.push({
        words: this.#words,
        assignments: this.#assignments,
        redirections: this.#redirections,
        before: this.#before,
        after,
        depth: this.#open.length,
      });
    }
    if (!empty || after !== ";") this.#before = after;
    this.#clear();
  }

  #clear(): void {
    this.#words = [];
    this.#assignments = [];
    this.#redirections = [];
    this.#inHead = false;
  }
}
