import type { FromInstruction, Instruction } from "../instruction.ts";
import type { DirectiveReader } from "./directive.ts";
import type { Draft } from "./draft.ts";
import type { FaultSink } from "./fault.ts";
import type { LogicalLine } from "./logical-line.ts";
import { placeOf, type ParsedDockerfile, type ParsedInstruction, type ParsedLine, type ParsedStage } from "./parsed.ts";
import type { PhysicalLines } from "./physical-lines.ts";

type OpenStage = ParsedStage & { readonly instructions: ParsedInstruction[] };

/** Puts instructions where they belong: before the first stage, or into the last one begun. */
export class FileBuilder {
  private readonly globalArgs: ParsedInstruction[] = [];
  private readonly stages: OpenStage[] = [];
  private readonly source: string;
  private readonly faults: FaultSink;
  private any = false;
  private homeless = false;

  constructor(source: string, faults: FaultSink) {
    this.source = source;
    this.faults = faults;
  }

  /** There was an instruction, but not one that can be used. */
  skip(): void {
    this.any = true;
  }

  /** Takes the instruction that ends at the line `lines` is at. A `FROM` begins a stage even where it is wrong. */
  add(draft: Draft, line: LogicalLine, lines: PhysicalLines, instruction: Instruction | undefined): void {
    this.any = true;
    const stage = this.stages.at(-1);
    if (draft.name === "FROM") {
      const from = instruction?.instruction === "FROM" ? instruction : undefined;
      this.stages.push(stageOf(draft, this.parsedLine(draft, line, lines), from));
    } else if (stage === undefined && draft.name !== "ARG") this.refuse(draft);
    else if (instruction !== undefined) {
      const home = stage?.instructions ?? this.globalArgs;
      home.push(Object.assign(this.parsedLine(draft, line, lines), { instruction }));
    }
  }

  finish(directives: DirectiveReader, lastLine: number): ParsedDockerfile {
    const place = { line: Math.max(1, lastLine), column: 1 };
    if (!this.any) this.faults.at(place, "no-instructions", "file with no instructions");
    else if (this.stages.length === 0 && !this.homeless)
      this.faults.at(place, "no-stage", "dockerfile contains no stages to build", "Add a FROM.");
    return {
      directives: directives.found,
      escape: directives.escape,
      globalArgs: this.globalArgs,
      stages: this.stages,
      findings: this.faults.findings,
    };
  }

  private refuse(draft: Draft): void {
    if (!this.homeless)
      draft.fault("no-stage", `no build stage in current context: ${draft.name} before the first FROM`);
    this.homeless = true;
  }

  private parsedLine(draft: Draft, line: LogicalLine, lines: PhysicalLines): ParsedLine {
    const { trigger, split } = draft;
    const { keywordSpan } = split;
    const start = placeOf(line, keywordSpan);
    const { words, json, heredocs } = trigger ?? draft;
    const name = trigger && { ...trigger.split.keywordSpan, text: trigger.split.keyword };
    return {
      keyword: split.keyword,
      place: { line: start.line, column: start.column, endLine: lines.line, endColumn: lines.end - lines.start + 1 },
      raw: this.source.slice(line.start, lines.end),
      text: line.text,
      pieces: line.pieces,
      flags: trigger === undefined ? split.flags : trigger.split.flags,
      words: name === undefined ? words : [name, ...words],
      json,
      heredocs,
      comments: line.comments,
    };
  }
}

function stageOf(draft: Draft, line: ParsedLine, from: FromInstruction | undefined): OpenStage {
  const platform = draft.split.flags.find(({ name }) => name === "platform")?.value;
  return {
    ...line,
    from: draft.words[0]?.text ?? "",
    ...(platform !== undefined && { platform }),
    ...(from?.name !== undefined && { name: from.name }),
    line: line.place.line,
    ...(from !== undefined && { instruction: from }),
    instructions: [],
  };
}
