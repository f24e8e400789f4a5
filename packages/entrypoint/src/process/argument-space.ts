import { readFileSync } from "node:fs";

import { EntrypointError } from "../errors.ts";

/** Longest single word of arguments or environment that Linux takes (MAX_ARG_STRLEN), the closing NUL included. */
const LONGEST_WORD = 131_072;

/**
 * Linux takes arguments and environment together up to a quarter of the stack's soft limit, with these bounds:
 * https://man7.org/linux/man-pages/man2/execve.2.html
 */
const LEAST_SPACE = 131_072;
const MOST_SPACE = 6 * 1024 * 1024;
const USUAL_STACK = 8 * 1024 * 1024;

/** Each word has a pointer too; the program's path and what scripts' interpreters put before the words come on top. */
const POINTER = 8;
const RESERVE = 16_384;

/** What goes to `execve`. */
export interface Words {
  readonly argv: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

/** Bytes that the arguments and the environment of a program may take together, from the text of `/proc/self/limits`. */
export function argumentSpace(limits: string): number {
  const [, soft = String(USUAL_STACK)] = /^Max stack size\s+(\S+)/m.exec(limits) ?? [];
  const quarter = soft === "unlimited" ? MOST_SPACE : Math.floor(Number(soft) / 4);
  return Math.min(Math.max(quarter, LEAST_SPACE), MOST_SPACE) - RESERVE;
}

/**
 * Refuses what `execve` would refuse with E2BIG. Values are not in the message.
 * @throws EntrypointError `ENTRYPOINT_PROGRAM_NOT_EXECUTABLE` (126)
 */
export function checkWords({ argv, env }: Words): void {
  const variables = Object.entries(env).map(([key, value]) => `${key}=${value ?? ""}`);
  if (mostBytes([...argv, ...variables]) > LEAST_SPACE - RESERVE) checkBytes(argv, variables);
}

/** UTF-8 has at most three bytes for each unit of a string. What is small even so needs no measuring, as at most starts. */
function mostBytes(words: readonly string[]): number {
  return words.reduce((sum, word) => sum + 3 * word.length + 1 + POINTER, 0);
}

function checkBytes(argv: readonly string[], variables: readonly string[]): void {
  const [name = ""] = argv;
  const long = argv.findIndex(isTooLong);
  if (long !== -1) throw tooLong(`argument ${String(long)} of ${name} is`, LONGEST_WORD);
  const variable = variables.find(isTooLong);
  if (variable !== undefined) throw tooLong(`the variable ${variable.split("=", 1)[0] ?? ""} is`, LONGEST_WORD);
  const total = [...argv, ...variables].reduce((sum, word) => sum + Buffer.byteLength(word) + 1 + POINTER, 0);
  const space = argumentSpace(ownLimits());
  if (total <= space) return;
  throw tooLong(`the arguments and the environment of ${name} are, with ${String(total)} bytes together,`, space);
}

function isTooLong(word: string): boolean {
  return Buffer.byteLength(word) >= LONGEST_WORD;
}

function tooLong(what: string, most: number): EntrypointError {
  return new EntrypointError("ENTRYPOINT_PROGRAM_NOT_EXECUTABLE", {
    message: `${what} longer than the ${String(most)} bytes Linux takes`,
    hint: "Pass it in a file.",
  });
}

function ownLimits(): string {
  try {
    return readFileSync("/proc/self/limits", "utf8");
  } catch {
    return "";
  }
}
