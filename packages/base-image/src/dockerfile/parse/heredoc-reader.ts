import type { FaultSink } from "./fault.ts";
import type { HeredocMarker } from "./heredoc-marker.ts";
import type { LogicalLine } from "./logical-line.ts";
import { placeOf, type ParsedHeredoc } from "./parsed.ts";
import { LINE_LIMIT, type PhysicalLines } from "./physical-lines.ts";

/**
 * Reads the bodies of heredocs, one after the other, from the lines that follow. Nothing when one does not end: then
 * the lines are given back, as if there were no heredoc, so that what follows can be read.
 */
export function readBodies(
  markers: readonly HeredocMarker[],
  lines: PhysicalLines,
  faults: FaultSink,
  instruction: LogicalLine,
): readonly ParsedHeredoc[] | undefined {
  const heredocs: ParsedHeredoc[] = [];
  for (const marker of markers) {
    const heredoc = readBody(marker, lines, faults);
    if (heredoc === undefined) {
      const message = `unterminated heredoc: no line is ${JSON.stringify(marker.name.toWellFormed())}`;
      return faults.at(placeOf(instruction, marker), "heredoc-unterminated", message);
    }
    heredocs.push(heredoc);
  }
  return heredocs;
}

function readBody(marker: HeredocMarker, lines: PhysicalLines, faults: FaultSink): ParsedHeredoc | undefined {
  const { source } = lines;
  const from = lines.next;
  const line = lines.line + 1;
  while (lines.advance()) {
    let start = lines.start;
    if (marker.stripTabs) while (start < lines.end && source.charCodeAt(start) === 0x09) start += 1;
    if (lines.end - start === marker.name.length && source.startsWith(marker.name, start)) {
      const body = source.slice(from, lines.start);
      return { ...marker, body, line, endLine: lines.line };
    }
    if (lines.isTooLong()) {
      const message = `dockerfile line greater than max allowed size of ${LINE_LIMIT}; BuildKit says "unterminated heredoc"`;
      faults.at({ line: lines.line, column: 1 }, "line-too-long", message);
    }
  }
  return undefined;
}
