import { placeOf, type Span } from "../dockerfile/parse/parsed.ts";
import type { RuleText } from "../stage/graph-rule.ts";
import type { Point } from "./line-shell.ts";
import type { LintFile, LintLine, LintStage } from "./lint-file.ts";
import type { ShellCommand, ShellWord } from "./shell-command.ts";

/** A place a rule points at, and what it says there. */
export interface Hit extends Point {
  readonly message: string;
  /** Said instead of the rule's own remedy. */
  readonly hint?: string;
}

/** A rule as it is held against a file: what is wrong, why, what to do, and how to find it. */
export interface Rule extends RuleText {
  readonly kind: "graph" | "lint";
  /** Only looked for with `--pedantic`: teams differ about it, or keeping to it costs more than it gives. */
  readonly pedantic?: true;
  readonly find: (file: LintFile) => Iterable<Hit>;
}

/** What a rule about one instruction finds there. */
type FindInLine = (line: LintLine, stage: LintStage) => Iterable<Hit> | Hit | undefined;

/** Looks at the instructions of these names, in every stage. */
export function inLines(names: readonly string[], find: FindInLine): Rule["find"] {
  return function* findInLines({ stages }) {
    for (const stage of stages) {
      for (const line of stage.lines) if (names.includes(line.name)) yield* listed(find(line, stage));
    }
  };
}

/** Looks at every stage. */
export function inStages(find: (stage: LintStage, file: LintFile) => Iterable<Hit> | Hit | undefined): Rule["find"] {
  return function* findInStages(file) {
    for (const stage of file.stages) yield* listed(find(stage, file));
  };
}

/** Looks at every command of every RUN; the text it gives is said at the command, or at the word it names. */
export function inCommands(
  find: (command: ShellCommand, line: LintLine, stage: LintStage) => CommandHit | string | undefined,
): Rule["find"] {
  return inLines(["RUN"], function* findInCommands(line, stage) {
    for (const command of line.shell.commands) {
      const found = find(command, line, stage);
      if (found === undefined) continue;
      const { message, word } = typeof found === "string" ? { message: found } : found;
      yield { ...atCommand(line, command, word), message };
    }
  });
}

interface CommandHit {
  readonly message: string;
  readonly word?: ShellWord;
}

/** The point of a command, or of one of its words. */
export function atCommand(line: LintLine, command: ShellCommand, word?: ShellWord): Point {
  const [first] = [...command.assignments, ...command.words];
  return line.shell.pointAt((word ?? command.words[0] ?? first)?.start ?? 0);
}

/** The point of a part of an instruction; of its name without one. */
export function at(line: Pick<LintLine, "place" | "pieces">, span?: Span): Point {
  const { line: row, column } = span === undefined ? line.place : placeOf(line, span);
  return { line: row, column };
}

function listed(found: Iterable<Hit> | Hit | undefined): Iterable<Hit> {
  if (found === undefined) return [];
  return "message" in found ? [found] : found;
}
