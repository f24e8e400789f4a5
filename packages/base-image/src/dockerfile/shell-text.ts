import { BaseImageError } from "../errors.ts";
import { shellWords } from "./fold.ts";
import type { Command } from "./instruction.ts";
import { partsOf, type BuildArg, type Text, type Variable } from "./text.ts";
import { assertOneLine } from "./word.ts";

/** What RUN does with shell text: the text where BuildKit hands it on unchanged, else a script of it. */
export function runCommand(text: Text, place: string): Command {
  const shell = shellText(text, place);
  if (!changesOnItsLine(shell) && !shell.includes("<<") && !isJson(shell)) return { form: "shell", text: shell };
  // BuildKit runs a script that begins with `#!` as a program; to a shell the same line is a comment.
  return { form: "script", body: `${shell.startsWith("#!") ? "\n" : ""}${shell}\n` };
}

/** What CMD, ENTRYPOINT and HEALTHCHECK do with it: the text, else the words that hand it to a shell. */
export function startCommand(text: Text, place: string): Command {
  const shell = shellText(text, place);
  const changes = shell.startsWith("[") || changesOnItsLine(shell);
  return changes ? { form: "exec", words: ["/bin/sh", "-c", shell] } : { form: "shell", text: shell };
}

/**
 * The text of a shell command; variables become `${NAME}`, which the shell expands when it runs. Lines that end in a
 * backslash stay folded as they are.
 */
function shellText(text: Text, place: string): string {
  const joined = partsOf(text)
    .map((part) => (typeof part === "string" ? part : bareVariable(part, place)))
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

/**
 * A variable as `${NAME}`, for text that BuildKit does not expand, or in which its quotes are not taken off.
 * @throws BaseImageError for one with a modifier, whose word would be read in another way there.
 */
export function bareVariable({ name, modifier }: BuildArg | Variable, place: string): string {
  if (modifier === undefined) return `\${${name}}`;
  throw new BaseImageError(
    "BASE_IMAGE_INVALID_VALUE",
    `${place} has the variable ${name} with the modifier ${modifier.operator}; expected a variable without one`,
    {
      hint: "Set an ENV to the value with its modifier, and use that variable; or write the shell's own ${…} as text.",
    },
  );
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
