import type { LintLine, LintStage } from "./lint-file.ts";
import { pairsOf, unquoted } from "./variables.ts";

/** A value that ENV or ARG gives a name; `position` is that of its instruction among those before it. */
interface Setting {
  readonly position: number;
  readonly byEnv: boolean;
  /** Without its quotes; nothing where an ARG has no default. */
  readonly value: string | undefined;
}

/** What is asked of a stage again and again, so that a long file is gone through once. */
interface StageIndex {
  readonly byName: ReadonlyMap<string, readonly LintLine[]>;
  readonly settings: ReadonlyMap<string, readonly Setting[]>;
}

const INDEXES = new WeakMap<LintStage, StageIndex>();

/** The nearest instruction of this name before another one, in its stage or those it is built on. */
export function lastBefore(line: LintLine, name: string): LintLine | undefined {
  return indexOf(line)
    .byName.get(name)
    ?.findLast(({ position }) => position < line.position);
}

/** Whether some instruction of this name before another one is of this kind. */
export function someBefore(line: LintLine, name: string, is: (before: LintLine) => boolean): boolean {
  const lines = indexOf(line).byName.get(name) ?? [];
  return lines.some((before) => before.position < line.position && is(before));
}

/** Whether ENV or ARG sets a name before an instruction, in its stage or those it is built on. */
export function isSetBefore(line: LintLine, name: string): boolean {
  const [first] = indexOf(line).settings.get(name) ?? [];
  return first !== undefined && first.position < line.position;
}

/** The value that ENV gives a name before an instruction; the last one counts. */
export function valueBefore(line: LintLine, name: string): string | undefined {
  const settings = indexOf(line).settings.get(name) ?? [];
  return settings.findLast(({ position, byEnv }) => byEnv && position < line.position)?.value;
}

function indexOf({ stage }: LintLine): StageIndex {
  const known = INDEXES.get(stage);
  if (known !== undefined) return known;
  const byName = Map.groupBy(stage.chain, ({ name }) => name);
  const settings = Map.groupBy(
    [...(byName.get("ARG") ?? []), ...(byName.get("ENV") ?? [])]
      .toSorted((a, b) => a.position - b.position)
      .flatMap((line) => pairsOf(line).map(({ key, value }) => ({ key, ...settingOf(line, value) }))),
    ({ key }) => key,
  );
  const index = { byName, settings };
  INDEXES.set(stage, index);
  return index;
}

function settingOf({ position, name }: LintLine, value: string | undefined): Setting {
  return { position, byEnv: name === "ENV", value: value === undefined ? undefined : unquoted(value) };
}

const MENTIONS = new WeakMap<LintStage, Map<string, number>>();

/** Whether an instruction, or one before it, has text or a heredoc that matches. */
export function isMentionedBy(line: LintLine, pattern: RegExp): boolean {
  const known = MENTIONS.get(line.stage) ?? new Map<string, number>();
  MENTIONS.set(line.stage, known);
  let first = known.get(pattern.source);
  if (first === undefined) {
    const found = line.stage.chain.find(({ text, heredocs }) =>
      pattern.test(`${text}\n${heredocs.map(({ body }) => body).join("")}`),
    );
    first = found === undefined ? Number.POSITIVE_INFINITY : found.position;
    known.set(pattern.source, first);
  }
  return first <= line.position;
}

/** The words of the SHELL that runs an instruction. */
export function shellOf(line: LintLine): readonly string[] {
  return lastBefore(line, "SHELL")?.words.map(({ text }) => text) ?? ["/bin/sh", "-c"];
}
