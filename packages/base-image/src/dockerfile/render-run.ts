import { BaseImageError } from "../errors.ts";
import { foldShell, shellWords } from "./fold.ts";
import { heredoc } from "./heredoc.ts";
import type { Command, RunInstruction, StartInstruction } from "./instruction.ts";
import { renderMount } from "./mount.ts";
import { partsOf, type Text } from "./text.ts";
import { assertOneLine } from "./word.ts";

/** `RUN` with its mounts, in the form that BuildKit hands to the shell unchanged. */
export function renderRun(run: RunInstruction): string {
  const flags = run.mounts.map(renderMount);
  if (run.network !== undefined) flags.push(`--network=${run.network}`);
  const head = flags.length === 0 ? "RUN " : `RUN ${flags.join(" \\\n    ")}`;
  const command = run.command;
  if (command.form === "exec") return `${continued(head, flags)}${jsonList(command.words)}\n`;
  const text = command.form === "script" ? command.body : shellText(command.text, "the text of a RUN");
  if (command.form === "script" || readsOtherwise(text)) {
    const { marker, lines } = heredoc(command.form === "script" ? text : notAProgram(text), "the script of a RUN");
    return `${flags.length === 0 ? head : `${head} `}${marker}\n${lines}`;
  }
  const lines = text.includes("\n") ? text.split("\n") : foldShell(text, 4).map((line) => `${line} \\`);
  return `${continued(head, flags)}${lines.join("\n").replace(/ \\$/, "")}\n`;
}

/** `ENTRYPOINT` and `CMD`. */
export function renderStart(start: StartInstruction): string {
  return `${start.instruction} ${startWords(start.command, start.instruction)}\n`;
}

/**
 * The text of a shell command; variables become `${NAME}`, which the shell expands when it runs. Lines that end in a
 * backslash stay folded as they are.
 */
export function shellText(text: Text, place: string): string {
  const joined = partsOf(text)
    .map((part) => (typeof part === "string" ? part : `\${${part.name}}`))
    .join("")
    .replaceAll(/^[ \t\n]+|[ \t\n]+$/g, "");
  const lines = joined.split(" \\\n");
  for (const line of lines) assertOneLine(line, place);
  if (joined.endsWith("\\") || lines.some((line) => /^\s*(?:#|$)/.test(line))) {
    throw new BaseImageError(
      "BASE_IMAGE_INVALID_VALUE",
      `${place} is ${JSON.stringify(joined)}; expected a command, without an empty line, a line of comment, or a backslash at its end`,
    );
  }
  return joined;
}

function startWords(command: Command, place: string): string {
  if (command.form === "exec") return jsonList(command.words);
  if (command.form === "script") return jsonList(["/bin/sh", "-c", command.body]);
  const text = shellText(command.text, `the text of ${place}`);
  return text.startsWith("[") || changesOnItsLine(text) ? jsonList(["/bin/sh", "-c", text]) : text;
}

/** Text that BuildKit would not hand to the shell as it stands: JSON, or what looks like a heredoc, too. */
function readsOtherwise(text: string): boolean {
  return changesOnItsLine(text) || text.includes("<<") || isJson(text);
}

/**
 * Text that any instruction would change: a flag, blanks of Unicode at its ends, which BuildKit cuts off, and line
 * breaks that it would join where the shell may not.
 */
function changesOnItsLine(text: string): boolean {
  const cut = /^(?:--|\p{White_Space})|\p{White_Space}$/u.test(text);
  return cut || (text.includes("\n") && shellWords(text) === undefined);
}

function isJson(text: string): boolean {
  if (!text.startsWith("[")) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** BuildKit runs a script that begins with `#!` as a program; to a shell the same line is a comment. */
function notAProgram(text: string): string {
  return text.startsWith("#!") ? `\n${text}` : text;
}

function continued(head: string, flags: readonly string[]): string {
  return flags.length === 0 ? head : `${head} \\\n    `;
}

function jsonList(words: readonly string[]): string {
  return `[${words.map((word) => JSON.stringify(word)).join(", ")}]`;
}
