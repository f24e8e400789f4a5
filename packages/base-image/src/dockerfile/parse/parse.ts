import { BaseImageError } from "../../errors.ts";
import { DirectiveReader } from "./directive.ts";
import { Draft } from "./draft.ts";
import { FaultSink } from "./fault.ts";
import { FileBuilder } from "./file-builder.ts";
import { readBodies } from "./heredoc-reader.ts";
import { heredocMarkers } from "./heredoc-marker.ts";
import { LogicalLines, type LogicalLine } from "./logical-line.ts";
import type { ParsedDockerfile, Span } from "./parsed.ts";
import { PhysicalLines } from "./physical-lines.ts";
import { readInstruction } from "./read-instruction.ts";
import { FORMS, splitWords } from "./read-words.ts";
import { splitLine } from "./split-line.ts";

/**
 * Reads a Dockerfile exactly as BuildKit does. It never throws: what BuildKit would refuse is a finding with its place, and
 * the instruction that has it is left out; reading goes on behind it. Only a heredoc that does not end takes the rest of
 * the file. Time and memory are linear in the size of the text.
 *
 * What a variable's value decides, such as `${A:?needed}`, is not looked at.
 * @see https://docs.docker.com/reference/dockerfile/
 */
export function parse(text: string): ParsedDockerfile {
  const faults = new FaultSink();
  const lines = new PhysicalLines(text);
  const directives = new DirectiveReader(faults);
  const logical = new LogicalLines(lines, directives, faults);
  const file = new FileBuilder(text, faults);
  for (let line = logical.next(); line !== undefined; line = logical.next()) {
    const draft = draftOf(line, { start: 0, end: line.text.length }, { escape: directives.escape, faults }, true);
    if (draft === undefined || !readHeredocs(draft, line, lines, faults)) file.skip();
    else file.add(draft, line, lines, readInstruction(draft));
  }
  return file.finish(directives, lines.line);
}

/** {@link parse}, for those who cannot go on with a wrong file: throws the first error. */
export function parseOrThrow(text: string, name = "Dockerfile"): ParsedDockerfile {
  const parsed = parse(text);
  const error = parsed.findings.find(({ severity }) => severity === "error");
  if (error === undefined) return parsed;
  const message = `${name}:${error.line}:${error.column}: ${error.message}`;
  throw new BaseImageError("BASE_IMAGE_DOCKERFILE", message, { hint: error.hint });
}

type Context = ConstructorParameters<typeof Draft>[2];

function draftOf(line: LogicalLine, span: Span, context: Context, first: boolean): Draft | undefined {
  const split = splitLine(line.text, span);
  const draft = new Draft(line, split, context);
  const form = FORMS.get(draft.name);
  if (form === undefined) return draft;
  if (form !== "trigger") return splitWords(draft, form) ? draft : undefined;
  if (!first || split.args.start === split.args.end) return draft;
  draft.trigger = draftOf(line, split.args, context, false);
  return draft.trigger && draft;
}

/** Reads the heredocs an instruction may have; false, and a fault, where that cannot be done. */
function readHeredocs(draft: Draft, line: LogicalLine, lines: PhysicalLines, faults: FaultSink): boolean {
  const { trigger: target = draft } = draft;
  if (target.json || !["RUN", "COPY", "ADD"].includes(target.name)) return true;
  const markers = heredocMarkers(line.text);
  if ("fault" in markers) {
    draft.fault("heredoc-delimiter", `the delimiter of a heredoc: ${markers.fault.reason}`, markers.span);
    return false;
  }
  if (markers.length === 0) return true;
  const heredocs = readBodies(markers, lines, faults, line);
  target.heredocs = heredocs ?? [];
  return heredocs !== undefined;
}
