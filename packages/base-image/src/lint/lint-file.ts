import type { ParsedDockerfile, ParsedInstruction, ParsedStage } from "../dockerfile/parse/parsed.ts";
import { officialImage, type OfficialImage } from "./official-images.ts";
import { readShell, type LineShell } from "./line-shell.ts";

/** An instruction as rules see it. */
export interface LintLine extends Omit<ParsedInstruction, "instruction"> {
  /** The instruction's name in capitals. */
  readonly name: string;
  readonly stage: LintStage;
  /** Its index among the instructions of its stage and those that stage is built on. */
  readonly position: number;
  /** What it hands to a shell or runs as a program; nothing for instructions that run nothing. */
  readonly shell: LineShell;
}

/** A stage as rules see it. */
export interface LintStage {
  readonly index: number;
  readonly from: ParsedStage;
  readonly name: string | undefined;
  /** The stage of this file that it is built on. */
  readonly base: LintStage | undefined;
  /** The image it is built on, the defaults of build arguments put in; nothing where one has none, or for a stage. */
  readonly image: string | undefined;
  /** What is known of that image, or of the one its base stages are built on. */
  readonly official: OfficialImage | undefined;
  readonly lines: readonly LintLine[];
  /** Its lines after those of the stages it is built on. */
  readonly chain: readonly LintLine[];
  /** Every stage of the file. */
  readonly siblings: readonly LintStage[];
  /** Whether it is what a build gives. */
  readonly final: boolean;
  /** Whether its layers are in what a build gives. */
  readonly kept: boolean;
}

/** A Dockerfile as rules see it. */
export interface LintFile {
  readonly lines: readonly string[];
  readonly parsed: ParsedDockerfile;
  readonly stages: readonly LintStage[];
  /** The defaults of the `ARG`s before the first `FROM`. */
  readonly globals: ReadonlyMap<string, string | undefined>;
}

/** Prepares a parsed file for rules; `targets` are the stages that are built, by default the last one. */
export function lintFile(text: string, parsed: ParsedDockerfile, targets?: readonly string[]): LintFile {
  const globals = globalsOf(parsed);
  const kept = keptStages(parsed, targets);
  const stages: LintStage[] = [];
  for (const [index, from] of parsed.stages.entries()) {
    const base = stages.findLast(({ name }) => name !== undefined && name === from.from.toLowerCase());
    const image = base === undefined ? withDefaults(from.from, globals) : undefined;
    const lines: LintLine[] = [];
    const chain: LintLine[] = [...(base?.chain ?? [])];
    const stage: LintStage = {
      index,
      from,
      name: from.name,
      base,
      image,
      official: base === undefined ? officialImage(image ?? "") : base.official,
      lines,
      chain,
      siblings: stages,
      final: isFinal(parsed, index, targets),
      kept: kept.has(index),
    };
    lines.push(...from.instructions.map((line, at) => lintLine(line, stage, chain.length + at)));
    chain.push(...lines);
    stages.push(stage);
  }
  return { lines: text.split("\n"), parsed, stages, globals };
}

function lintLine(line: ParsedInstruction, stage: LintStage, position: number): LintLine {
  const name = line.keyword.toUpperCase();
  return { ...line, name, stage, position, shell: readShell(line, name) };
}

function isFinal(parsed: ParsedDockerfile, index: number, targets: readonly string[] | undefined): boolean {
  if (targets === undefined) return index === parsed.stages.length - 1;
  return targets.includes(parsed.stages[index]?.name ?? "");
}

function keptStages(parsed: ParsedDockerfile, targets: readonly string[] | undefined): ReadonlySet<number> {
  const kept = new Set<number>();
  for (let index = parsed.stages.length - 1; index >= 0; index -= 1) {
    if (!kept.has(index) && !isFinal(parsed, index, targets)) continue;
    kept.add(index);
    const base = parsed.stages[index]?.from.toLowerCase();
    const below = parsed.stages.slice(0, index).findLastIndex(({ name }) => name !== undefined && name === base);
    if (below !== -1) kept.add(below);
  }
  return kept;
}

function globalsOf(parsed: ParsedDockerfile): ReadonlyMap<string, string | undefined> {
  const globals = new Map<string, string | undefined>();
  for (const { text } of parsed.globalArgs.flatMap(({ words }) => words)) {
    const equals = text.indexOf("=");
    const value = text.slice(equals + 1).replaceAll(/^["']|["']$/g, "");
    globals.set(equals === -1 ? text : text.slice(0, equals), equals === -1 ? undefined : withDefaults(value, globals));
  }
  return globals;
}

/** Text with the variables that have a default put in; nothing where one has none. */
function withDefaults(text: string, values: ReadonlyMap<string, string | undefined>): string | undefined {
  let known = true;
  const replaced = text.replaceAll(
    /\$(?:\{(\w+)(?::?-([^}]*))?\}|(\w+))/g,
    (_, braced: string | undefined, fallback: string | undefined, bare: string | undefined) => {
      const value = values.get(braced ?? bare ?? "") ?? fallback;
      if (value === undefined) known = false;
      return value ?? "";
    },
  );
  return known ? replaced : undefined;
}
