import type { ArgInstruction, FromInstruction, Instruction } from "./instruction.ts";
import { renderComment, renderInstruction } from "./render.ts";

/** Lines beginning with `#`. */
export interface Comment {
  readonly instruction: "COMMENT";
  readonly text: string;
}

/** A stage as it stands in a file. */
export interface FileStage {
  /** The comment before its FROM; empty for none. */
  readonly about: string;
  readonly from: FromInstruction;
  readonly entries: readonly (Instruction | Comment)[];
}

/** A whole file. */
export interface DockerfileFile {
  /** The frontend of `# syntax=`. */
  readonly syntax?: string;
  /** The ARGs before the first FROM. */
  readonly globals: readonly ArgInstruction[];
  readonly stages: readonly FileStage[];
}

/** The text of a file, the same for the same file, and the lines its FROMs stand on, counted from 1. */
export function renderFile(file: DockerfileFile): { readonly text: string; readonly lines: readonly number[] } {
  const blocks: string[] = [];
  if (file.syntax !== undefined) blocks.push(`# syntax=${file.syntax}\n`);
  if (file.globals.length > 0) blocks.push(file.globals.map(renderInstruction).join(""));
  const lines: number[] = [];
  let line = 1 + blocks.reduce((sum, block) => sum + lineCount(block) + 1, 0);
  for (const stage of file.stages) {
    const about = stage.about === "" ? "" : guarded(renderComment(stage.about), blocks.length === 0);
    lines.push(line + lineCount(about));
    const block = `${about}${renderStage(stage)}`;
    blocks.push(block);
    line += lineCount(block) + 1;
  }
  return { text: blocks.join("\n"), lines };
}

/** A first line that BuildKit would take for a directive is kept a comment by an empty one before it. */
function guarded(comment: string, first: boolean): string {
  return first && /^#\s*(?:syntax|escape|check)\s*=/i.test(comment) ? `#\n${comment}` : comment;
}

/** A comment begins a paragraph, and so does what follows a body: some readers want an empty line there. */
function renderStage({ from, entries }: FileStage): string {
  const parts = [renderInstruction(from)];
  let afterBody = false;
  for (const [index, entry] of entries.entries()) {
    const isComment = entry.instruction === "COMMENT";
    if (afterBody || (isComment && index > 0 && entries[index - 1]?.instruction !== "COMMENT")) parts.push("\n");
    parts.push(isComment ? renderComment(entry.text) : renderInstruction(entry));
    afterBody = !isComment && endsInBody(entry);
  }
  return parts.join("");
}

function endsInBody(instruction: Instruction): boolean {
  if (instruction.instruction === "ONBUILD") return endsInBody(instruction.trigger);
  if (instruction.instruction === "COPY" || instruction.instruction === "ADD")
    return (instruction.files ?? []).length > 0;
  if (instruction.instruction !== "RUN") return false;
  const { command } = instruction;
  return command.form === "script" || (command.form === "shell" && (command.heredocs ?? []).length > 0);
}

function lineCount(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) count += 1;
  return count;
}
