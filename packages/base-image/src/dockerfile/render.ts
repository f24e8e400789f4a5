import { BaseImageError } from "../errors.ts";
import type { ExposeInstruction, Instruction, PairsInstruction } from "./instruction.ts";
import { renderCopy, renderWrite } from "./render-copy.ts";
import { renderRun, renderStart } from "./render-run.ts";
import { assertVariableName, type BuildArg } from "./text.ts";
import { assertOneLine, word } from "./word.ts";

/** BuildKit reads Dockerfiles by lines of at most this many bytes. */
const LINE_LIMIT = 65_535;

/** The text of one instruction, with the line end it needs. */
export function renderInstruction(instruction: Instruction): string {
  const text = renderAny(instruction);
  for (const line of text.split("\n")) {
    if (Buffer.byteLength(line) < LINE_LIMIT) continue;
    throw new BaseImageError(
      "BASE_IMAGE_INVALID_VALUE",
      `a line of ${instruction.instruction} has ${Buffer.byteLength(line)} bytes; expected fewer than ${LINE_LIMIT}`,
    );
  }
  return text;
}

/** `ARG`, with its default unless `bare`, as when the default was given before the first FROM. */
export function renderArg(arg: BuildArg, bare = false): string {
  assertVariableName(arg.name, "a build argument's name");
  if (bare || arg.fallback === undefined) return `ARG ${arg.name}\n`;
  return `ARG ${arg.name}=${word(arg.fallback, `the default of ${arg.name}`)}\n`;
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
  if ("pairs" in instruction) return renderPairs(instruction);
  if ("value" in instruction) {
    return `${instruction.instruction} ${word(instruction.value, instruction.instruction)}\n`;
  }
  if (instruction.instruction === "RUN") return renderRun(instruction);
  if (instruction.instruction === "COPY") return renderCopy(instruction);
  if (instruction.instruction === "WRITE") return renderWrite(instruction);
  if (instruction.instruction === "EXPOSE") return renderExpose(instruction);
  if (instruction.instruction === "ARG") return renderArg(instruction.arg);
  return instruction.instruction === "COMMENT" ? renderComment(instruction.text) : renderStart(instruction);
}

function renderPairs({ instruction, pairs }: PairsInstruction): string {
  const lines = Object.entries(pairs).map(([key, value]) => {
    const name = instruction === "ENV" ? envName(key) : labelKey(key);
    return `${name}=${word(value, `${instruction} ${key}`)}`;
  });
  if (lines.length === 0) throw new BaseImageError("BASE_IMAGE_INVALID_VALUE", `${instruction} has no pair`);
  return `${instruction} ${lines.join(` \\\n${" ".repeat(instruction.length + 1)}`)}\n`;
}

function envName(key: string): string {
  assertVariableName(key, "the name of an ENV");
  return key;
}

function labelKey(key: string): string {
  assertOneLine(key, "the key of a LABEL");
  if (/^[A-Za-z0-9][A-Za-z0-9._/-]*$/.test(key)) return key;
  throw new BaseImageError(
    "BASE_IMAGE_INVALID_VALUE",
    `the key of a LABEL is ${JSON.stringify(key)}; expected letters, digits and any of . _ / -`,
  );
}

function renderExpose({ ports }: ExposeInstruction): string {
  for (const port of ports) {
    if (/^\d+(?:-\d+)?(?:\/(?:tcp|udp|sctp))?$/.test(port)) continue;
    throw new BaseImageError("BASE_IMAGE_INVALID_VALUE", `EXPOSE ${JSON.stringify(port)}; expected 3000 or 53/udp`);
  }
  return `EXPOSE ${ports.join(" ")}\n`;
}
