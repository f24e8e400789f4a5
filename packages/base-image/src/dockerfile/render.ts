import { BaseImageError } from "../errors.ts";
import type { ArgInstruction, FromInstruction, Instruction, ListInstruction, PairsInstruction } from "./instruction.ts";
import { wordFlag } from "./flag.ts";
import { renderCopy } from "./render-copy.ts";
import { commandText, jsonList, renderHealthcheck, renderRun } from "./render-run.ts";
import type { Text } from "./text.ts";
import { assertOneLine, isPlainWord, jsonWord, word } from "./word.ts";

/** BuildKit reads Dockerfiles by lines of at most this many bytes. */
const LINE_LIMIT = 65_535;

/** The text of one instruction, with the line end it needs. */
export function renderInstruction(instruction: Instruction): string {
  const text = renderAny(instruction);
  if (text.length * 3 < LINE_LIMIT) return text;
  for (const line of text.split("\n")) {
    if (Buffer.byteLength(line) < LINE_LIMIT) continue;
    throw new BaseImageError(
      "BASE_IMAGE_INVALID_VALUE",
      `a line of ${instruction.instruction} has ${Buffer.byteLength(line)} bytes; expected fewer than ${LINE_LIMIT}`,
    );
  }
  return text;
}

/** Comment lines. */
export function renderComment(text: string): string {
  return text
    .trimEnd()
    .split("\n")
    .map((line) => `# ${line.trim()}`.trimEnd())
    .join("\n")
    .concat("\n");
}

function renderAny(instruction: Instruction): string {
  if (instruction.instruction === "RUN") return renderRun(instruction);
  if ("sources" in instruction) return renderCopy(instruction);
  if ("pairs" in instruction) return renderPairs(instruction);
  if ("value" in instruction) {
    return `${instruction.instruction} ${word(instruction.value, instruction.instruction)}\n`;
  }
  if ("image" in instruction) return renderFrom(instruction);
  if ("args" in instruction) return renderArgs(instruction);
  if ("values" in instruction) return renderList(instruction);
  if ("words" in instruction) return `SHELL ${jsonList(instruction.words)}\n`;
  if ("check" in instruction) return renderHealthcheck(instruction);
  if ("trigger" in instruction) return `ONBUILD ${renderAny(instruction.trigger)}`;
  return `${instruction.instruction} ${commandText(instruction.command, instruction.instruction.length + 1)}`;
}

function renderFrom({ image, platform, name }: FromInstruction): string {
  const flags = platform === undefined ? "" : `${wordFlag("platform", platform)} `;
  return `FROM ${flags}${word(image, "the image of FROM")}${name === undefined ? "" : ` AS ${name}`}\n`;
}

function renderArgs({ args }: ArgInstruction): string {
  const words = args.map(({ name, value }) =>
    value === undefined ? name : `${name}=${word(value, `the default of ${name}`)}`,
  );
  return `ARG ${words.join(" ")}\n`;
}

function renderPairs({ instruction, pairs }: PairsInstruction): string {
  const lines = pairs.map(({ key, value }) => {
    const name = word(key, `the key of ${instruction}`);
    return `${name}=${word(value, `${instruction} ${name}`)}`;
  });
  return `${instruction} ${lines.join(` \\\n${" ".repeat(instruction.length + 1)}`)}\n`;
}

/** EXPOSE knows no JSON; a port has nothing that would need it. */
function renderList({ instruction, values }: ListInstruction): string {
  const words = values.map((value: Text) => word(value, instruction));
  for (const value of values) if (typeof value === "string") assertOneLine(value, instruction);
  if (words.every(isPlainWord)) return `${instruction} ${words.join(" ")}\n`;
  return `${instruction} [${values.map((value) => jsonWord(value, instruction)).join(", ")}]\n`;
}
