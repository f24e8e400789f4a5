import type { ParsedDockerfile, ParsedInstruction, ParsedStage } from "../dockerfile/parse/parsed.ts";
import type { OfficialImage } from "../stage/official-images.ts";
import { viewOf, type FileView } from "../stage/stage-view.ts";
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
  /** The image of the stage at the bottom, as written. */
  readonly root: string;
  /** Its lines after those of the stages it is built on. */
  readonly chain: readonly LintLine[];
  /** The first stage of each name. */
  readonly siblings: ReadonlyMap<string, LintStage>;
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
  /** What the rules of the graph look at. */
  readonly view: FileView;
}

/** How many instructions below a stage its rules look at: far more than a file has, so that thousands of stages on each other cost no more. */
const BELOW = 300;

/** Prepares a parsed file for rules; `targets` are the stages that are built, by default the last one. */
export function lintFile(text: string, parsed: ParsedDockerfile, targets?: readonly string[]): LintFile {
  const view = viewOfFile(parsed, targets);
  const kept = keptStages(view);
  const stages: LintStage[] = [];
  const siblings = new Map<string, LintStage>();
  for (const [index, from] of parsed.stages.entries()) {
    const { base } = view.stages[index] ?? {};
    const facts = { index, from, siblings, final: view.targets.has(index), kept: kept.has(index) };
    const stage = lintStage(facts, base === undefined ? undefined : stages[base], view);
    stages.push(stage);
    if (stage.name !== undefined && !siblings.has(stage.name)) siblings.set(stage.name, stage);
  }
  return { lines: text.split("\n"), parsed, stages, view };
}

function lintStage(
  facts: Pick<LintStage, "index" | "from" | "siblings" | "final" | "kept">,
  base: LintStage | undefined,
  view: FileView,
): LintStage {
  const { image, official } = view.stages[facts.index] ?? {};
  const { from } = facts;
  const lines: LintLine[] = [];
  const chain: LintLine[] = base?.chain.slice(-BELOW) ?? [];
  const stage = { ...facts, name: from.name, base, image, official, root: base?.root ?? from.from, lines, chain };
  const start = (chain.at(-1)?.position ?? -1) + 1;
  for (const [at, line] of from.instructions.entries()) lines.push(lintLine(line, stage, start + at));
  for (const line of lines) chain.push(line);
  return stage;
}

function lintLine(line: ParsedInstruction, stage: LintStage, position: number): LintLine {
  const name = line.keyword.toUpperCase();
  return { ...line, name, stage, position, shell: readShell(line, name) };
}

function viewOfFile({ globalArgs, stages }: ParsedDockerfile, targets: readonly string[] | undefined): FileView {
  const args = globalArgs.flatMap(({ instruction }) => (instruction.instruction === "ARG" ? instruction.args : []));
  const wanted = targets === undefined ? undefined : new Set(targets);
  return viewOf(
    args,
    stages.map(({ instruction, from, name, line, instructions }) => ({
      from: instruction ?? { instruction: "FROM", image: from, ...(name === undefined ? {} : { name }) },
      instructions: instructions.map((each) => each.instruction),
      line,
    })),
    wanted && stages.flatMap(({ name }, index) => (name !== undefined && wanted.has(name) ? [index] : [])),
  );
}

function keptStages({ stages, targets }: FileView): ReadonlySet<number> {
  const kept = new Set(targets);
  for (let index = stages.length - 1; index >= 0; index -= 1) {
    const base = stages[index]?.base;
    if (kept.has(index) && base !== undefined) kept.add(base);
  }
  return kept;
}
