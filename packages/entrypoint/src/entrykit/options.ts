import { EntrypointError } from "../errors.ts";
import { ENTRYKIT_NAMES, type EntrykitName } from "./names.ts";

/** Where the output of codep's tasks goes: see `OutputMode`. */
export type CodepOutput = "inherit" | "lines" | "prefixed";

/** The options before `--`, and the words between them. */
export interface EntrykitOptions {
  readonly words: readonly string[];
  /** `-e`: tasks are read from the environment; `-E`: from variables with `EK_` in front. */
  readonly prefix: "" | "EK_" | undefined;
  /** `-f FILE` */
  readonly file: string | undefined;
  /** `-p`, which entrykit never came to do. */
  readonly unimplemented: boolean;
  /** `--compat`: the environment is read when there are no tasks. */
  readonly compat: boolean;
  /** `--task-exit-code`: a task that fails gives its own exit code instead of 1. */
  readonly taskExitCode: boolean;
  /** `--output MODE`, of codep only. */
  readonly output: CodepOutput;
}

/** An option of this program's own; entrykit has none with two dashes. */
interface OwnOption {
  readonly usage: string;
  readonly does: string;
  /** The commands that take it. */
  readonly of: readonly EntrykitName[];
}

const OWN_OPTIONS: Readonly<Record<string, OwnOption>> = {
  "--compat": {
    usage: "--compat",
    does: "tasks from the environment when no others are given",
    of: ENTRYKIT_NAMES,
  },
  "--task-exit-code": {
    usage: "--task-exit-code",
    does: "a task that fails gives its own exit code instead of 1",
    of: ENTRYKIT_NAMES,
  },
  "--output": {
    usage: "--output MODE",
    does: "inherit (default), lines (never cut), prefixed (with names)",
    of: ["codep", "entrykit"],
  },
};

/** The options of this program's own that a command takes. */
export function ownOptions(command: EntrykitName): readonly OwnOption[] {
  return Object.values(OWN_OPTIONS).filter((option) => option.of.includes(command));
}

const OUTPUTS: readonly CodepOutput[] = ["inherit", "lines", "prefixed"];

/**
 * Reads the arguments before `--`. An option may stand anywhere among the tasks; empty arguments are skipped.
 * @throws EntrypointError `ENTRYPOINT_ENTRYKIT_OPTION`
 */
export function readOptions(command: EntrykitName, own: readonly string[]): EntrykitOptions {
  const words: string[] = [];
  let options: Omit<EntrykitOptions, "words"> = {
    prefix: undefined,
    file: undefined,
    unimplemented: false,
    compat: false,
    taskExitCode: false,
    output: "inherit",
  };
  const rest = own.flatMap((word) => (word.startsWith("--output=") ? ["--output", word.slice(9)] : [word]));
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word.startsWith("-")) options = { ...options, ...readOption(command, word, rest) };
    else if (word !== "") words.push(word);
  }
  return { ...options, words };
}

function readOption(command: EntrykitName, word: string, rest: string[]): Partial<EntrykitOptions> {
  if (OWN_OPTIONS[word]?.of.includes(command) === false) throw unknownOption(command, word);
  switch (word) {
    case "-e":
      return { prefix: "" };
    case "-E":
      return { prefix: "EK_" };
    case "-p":
      return { unimplemented: true };
    case "-f":
      return { file: valueOf(word, rest, "the name of a file") };
    case "--compat":
      return { compat: true };
    case "--task-exit-code":
      return { taskExitCode: true };
    case "--output":
      return { output: readOutput(valueOf(word, rest, OUTPUTS.join(", "))) };
    default:
      throw unknownOption(command, word);
  }
}

function valueOf(option: string, rest: string[], expected: string): string {
  const value = rest.shift();
  if (value === undefined || value === "") throw optionError(`${option} needs ${expected}`);
  return value;
}

function readOutput(value: string): CodepOutput {
  const mode = OUTPUTS.find((known) => known === value);
  if (mode === undefined) throw optionError(`--output ${value}: expected one of ${OUTPUTS.join(", ")}`);
  return mode;
}

function unknownOption(command: EntrykitName, word: string): EntrypointError {
  const own = ownOptions(command).map(({ usage }) => usage);
  return optionError(`Unknown option ${word}${word.startsWith("--") ? `: expected one of ${own.join(", ")}` : ""}`);
}

function optionError(message: string): EntrypointError {
  return new EntrypointError("ENTRYPOINT_ENTRYKIT_OPTION", { message });
}
