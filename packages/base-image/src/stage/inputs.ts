import type { Instruction } from "../dockerfile/instruction.ts";
import type { Mount } from "../dockerfile/mount.ts";
import { partsOf, type Text } from "../dockerfile/text.ts";
import { stagesOf } from "./dockerfile.ts";
import { parseIgnore } from "./ignore.ts";
import type { ImageDefinition } from "./image.ts";
import { isRemote } from "./source.ts";
import type { Stage, Step } from "./stage.ts";

/** What a stage takes from the context itself, without what it gets from other stages. */
export interface StageInputs {
  readonly stage: string;
  /**
   * Sorted patterns, as COPY has them: `*` and `?` match within a part of the path, `[[]` is a bracket; `.` is everything.
   * A folder stands for all that is below it.
   */
  readonly paths: readonly string[];
  /** The comment over the instruction that takes them, by path; a comment holds for the COPYs and ADDs up to the next one. */
  readonly reasons: Readonly<Record<string, string>>;
}

/** The inputs of each stage of a variant, or of all variants. */
export function stageInputs(definition: ImageDefinition, variant?: string): readonly StageInputs[] {
  return stagesOf(definition, variant).map(({ name, steps }) => {
    const taken = takenBy(steps);
    const all = [...new Set(taken.map(({ path }) => path))].toSorted();
    const paths = all.includes(".") ? ["."] : all;
    const reasons = taken.flatMap(({ path, reason }) =>
      reason !== "" && paths.includes(path) ? [[path, reason] as const] : [],
    );
    return { stage: name, paths, reasons: Object.fromEntries(reasons) };
  });
}

/** What a stage, and those it is built on, take from the context. */
export function pathsTakenBy({ base, steps }: Stage): readonly string[] {
  return [...(base.kind === "stage" ? pathsTakenBy(base) : []), ...takenBy(steps).map(({ path }) => path)];
}

/** Whether an entry of the context, by its path, is one of these inputs or below one. */
export function isInput(paths: readonly string[]): (entry: string) => boolean {
  if (paths.includes(".")) return () => true;
  return parseIgnore(paths.map(pattern).join("\n")).isIgnored;
}

function takenBy(steps: readonly Step[]): readonly { readonly path: string; readonly reason: string }[] {
  let reason = "";
  return steps.flatMap(({ instruction }) => {
    if (instruction.instruction === "COMMENT") reason = instruction.text;
    else if (!["ADD", "COPY"].includes(instruction.instruction)) reason = "";
    if (instruction.instruction === "COMMENT") return [];
    return sourcesOf(instruction).map((source) => ({ path: contextPath(source), reason }));
  });
}

/**
 * A .dockerignore that lets through what the stages take and nothing else, so that what no stage sees is neither sent nor
 * a reason to build again. Where a stage takes everything it says which one, and ignores nothing.
 */
export function dockerignore(definition: ImageDefinition, variant?: string): string {
  const inputs = stageInputs(definition, variant);
  const all = inputs.find(({ paths }) => paths.includes("."));
  if (all !== undefined) return `# Nothing is ignored: stage ${all.stage} takes the whole context\n`;
  const paths = new Set(inputs.flatMap((each) => each.paths));
  const isBelowAnother = (path: string): boolean =>
    path.split("/").some((_, depth, parts) => depth > 0 && paths.has(parts.slice(0, depth).join("/")));
  const own = [...paths].filter((path) => !path.startsWith(".slipway/") && !isBelowAnother(path)).toSorted();
  return `${["*", ...own.map((path) => `!${pattern(path)}`)].join("\n")}\n`;
}

function sourcesOf(instruction: Instruction): readonly Text[] {
  if (instruction.instruction === "COPY") return instruction.from === undefined ? instruction.sources : [];
  if (instruction.instruction === "ADD") return instruction.sources.filter((source) => !isRemote(source));
  if (instruction.instruction !== "RUN") return [];
  return (instruction.mounts ?? []).flatMap(mountSource);
}

function mountSource(mount: Mount): readonly Text[] {
  return mount.type === "bind" && mount.from === undefined ? [mount.source ?? "."] : [];
}

/** A path without anything to match is literal to COPY, but not here; blanks at its end would be cut off. */
function pattern(path: string): string {
  const escaped = /[*?[]/.test(path) ? path : path.replaceAll("\\", "\\\\");
  return escaped.replace(/[ \t]+$/, (blanks) => "?".repeat(blanks.length));
}

/** The path from the root of the context on; where a variable begins, the folder it is in stands for all it may name. */
function contextPath(source: Text): string {
  const parts = partsOf(source);
  const cut = parts.findIndex((part) => typeof part !== "string");
  const text = (cut === -1 ? parts : parts.slice(0, cut)).filter((part) => typeof part === "string").join("");
  const known = cut === -1 ? text : text.slice(0, text.lastIndexOf("/") + 1);
  const kept: string[] = [];
  for (const part of known.split("/")) {
    if (part === "..") kept.pop();
    else if (part !== "" && part !== ".") kept.push(part);
  }
  return kept.length === 0 ? "." : kept.join("/");
}
