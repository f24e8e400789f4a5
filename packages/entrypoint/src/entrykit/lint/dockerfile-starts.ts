/** How an image of a Dockerfile starts: the last ENTRYPOINT and CMD of a stage. */
export interface DockerfileStart {
  readonly entrypoint: StartLine | undefined;
  readonly cmd: StartLine | undefined;
  /** The names of the variables that ENV sets. */
  readonly variables: readonly string[];
}

/** An ENTRYPOINT or a CMD. */
export interface StartLine {
  /** Where the instruction begins, from 1. */
  readonly line: number;
  /** Its words; one text in shell form. */
  readonly words: readonly string[];
  readonly form: "exec" | "shell";
}

interface Instruction {
  readonly line: number;
  readonly keyword: string;
  readonly rest: string;
}

/** Reads how each stage of a Dockerfile starts. Everything else in it is left alone, right or wrong. */
export function readStarts(text: string): readonly DockerfileStart[] {
  const stages: { entrypoint?: StartLine; cmd?: StartLine; variables: string[] }[] = [{ variables: [] }];
  for (const { keyword, rest, line } of readInstructions(text).map(whatTriggers)) {
    const stage = stages.at(-1);
    if (stage === undefined) continue;
    if (keyword === "FROM") stages.push({ variables: [] });
    if (keyword === "ENTRYPOINT") stage.entrypoint = readLine(rest, line);
    if (keyword === "CMD") stage.cmd = readLine(rest, line);
    if (keyword === "ENV") stage.variables.push(...namesIn(rest));
  }
  return stages.map(({ entrypoint, cmd, variables }) => ({ entrypoint, cmd, variables }));
}

/** ONBUILD holds the instruction that an image built from this one begins with. */
function whatTriggers(instruction: Instruction): Instruction {
  const [, keyword = "", rest = ""] = /^([A-Za-z]+)\s*(.*)$/s.exec(instruction.rest) ?? [];
  return instruction.keyword === "ONBUILD" ? { ...instruction, keyword: keyword.toUpperCase(), rest } : instruction;
}

function readInstructions(text: string): readonly Instruction[] {
  const lines = text.split(/\r?\n/);
  const escape = /^#\s*escape\s*=\s*`/i.test(lines[0] ?? "") ? "`" : "\\";
  const instructions: Instruction[] = [];
  let at = 0;
  while (at < lines.length) {
    const { whole, end } = joinLines(lines, at, escape);
    const [, keyword = "", rest = ""] = /^\s*([A-Za-z]+)\s*(.*)$/s.exec(whole) ?? [];
    if (keyword !== "") instructions.push({ line: at + 1, keyword: keyword.toUpperCase(), rest: rest.trim() });
    at = skipHeredocs(whole, lines, end) + 1;
  }
  return instructions;
}

/** An instruction and the lines it goes on in; comments between them do not end it. */
function joinLines(
  lines: readonly string[],
  begin: number,
  escape: string,
): { readonly whole: string; readonly end: number } {
  let whole = "";
  for (let end = begin; end < lines.length; end += 1) {
    const line = (lines[end] ?? "").trimEnd();
    const isComment = line.trimStart().startsWith("#");
    if (!isComment && !line.endsWith(escape)) return { whole: whole + line, end };
    if (isComment && whole === "") return { whole, end };
    if (!isComment) whole += line.slice(0, -1);
  }
  return { whole, end: lines.length };
}

/** The bodies of here-documents are not instructions. */
function skipHeredocs(instruction: string, lines: readonly string[], at: number): number {
  let end = at;
  for (const [, dash, name] of instruction.matchAll(/<<(-?)["']?([A-Za-z_]\w*)["']?/g)) {
    const found = lines.findIndex((line, index) => index > end && (dash === "-" ? line.trim() : line) === name);
    if (found !== -1) end = found;
  }
  return end;
}

function readLine(rest: string, line: number): StartLine {
  const words = rest.startsWith("[") ? readArray(rest) : undefined;
  return words === undefined ? { line, words: [rest], form: "shell" } : { line, words, form: "exec" };
}

function readArray(rest: string): readonly string[] | undefined {
  try {
    const value: unknown = JSON.parse(rest);
    return Array.isArray(value) && value.every((word) => typeof word === "string") ? value : undefined;
  } catch {
    return undefined;
  }
}

function namesIn(rest: string): readonly string[] {
  const [first = ""] = rest.split(/\s/);
  if (!first.includes("=")) return [first];
  return [...rest.matchAll(/(?:^|\s)([A-Za-z_]\w*)=/g)].map(([, name = ""]) => name);
}
