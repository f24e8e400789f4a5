/** A text with its variables put in, and the assignments that `${NAME:=word}` made. */
export interface Expansion {
  readonly text: string;
  readonly assigned: Readonly<Record<string, string>>;
}

/**
 * Expands `$NAME`, `${NAME}`, `${#NAME}` and the operators `- := = :- ? :? + :+` of one argument after `--`.
 *
 * Outside braces quotes are plain characters and a backslash means something only before `$`. A `$` before anything that
 * is not a name or a brace is plain. An argument that cannot be expanded (an unset `${NAME?}`, an open brace, another
 * operator) stays as it is.
 */
export function expandArgument(argument: string, env: Readonly<NodeJS.ProcessEnv>): Expansion {
  const assigned: Record<string, string> = {};
  try {
    return { text: outside(new Reader(argument, env, assigned)), assigned };
  } catch (error) {
    if (!(error instanceof Unexpandable)) throw error;
    return { text: argument, assigned: {} };
  }
}

class Unexpandable extends Error {}

const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;
const OPERATOR = /:?[-=?+]/y;

class Reader {
  readonly text: string;
  readonly env: Readonly<NodeJS.ProcessEnv>;
  readonly assigned: Record<string, string>;
  at = 0;

  constructor(text: string, env: Readonly<NodeJS.ProcessEnv>, assigned: Record<string, string>) {
    this.text = text;
    this.env = env;
    this.assigned = assigned;
  }

  take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const [match] = pattern.exec(this.text) ?? [];
    if (match !== undefined) this.at += match.length;
    return match;
  }

  takeIf(text: string): boolean {
    if (!this.text.startsWith(text, this.at)) return false;
    this.at += text.length;
    return true;
  }

  next(): string {
    const char = this.text.charAt(this.at);
    if (char === "") throw new Unexpandable();
    this.at += 1;
    return char;
  }

  value(name: string): string | undefined {
    return this.assigned[name] ?? this.env[name];
  }
}

function outside(reader: Reader): string {
  let result = "";
  while (reader.at < reader.text.length) {
    if (reader.takeIf("\\$")) result += "$";
    else result += variable(reader) ?? reader.next();
  }
  return result;
}

/** A variable when one begins here; the `$` itself when nothing that could be one follows. */
function variable(reader: Reader): string | undefined {
  if (!reader.takeIf("$")) return undefined;
  if (reader.takeIf("{")) return braced(reader);
  const name = reader.take(NAME);
  return name === undefined ? "$" : (reader.value(name) ?? "");
}

function braced(reader: Reader): string {
  if (reader.takeIf("#")) {
    const name = reader.take(NAME);
    if (name === undefined || !reader.takeIf("}")) throw new Unexpandable();
    return String(Buffer.byteLength(reader.value(name) ?? ""));
  }
  const name = reader.take(NAME);
  if (name === undefined) throw new Unexpandable();
  if (reader.takeIf("}")) return reader.value(name) ?? "";
  const operator = reader.take(OPERATOR);
  if (operator === undefined) throw new Unexpandable();
  return applyOperator(reader, name, operator);
}

function applyOperator(reader: Reader, name: string, operator: string): string {
  const value = reader.value(name);
  const present = value !== undefined && !(operator.startsWith(":") && value === "");
  const before = { ...reader.assigned };
  const word = inside(reader);
  const kind = operator.at(-1);
  const wordUsed = kind === "+" ? present : !present;
  if (!wordUsed) forgetAssignments(reader, before);
  if (kind === "+") return present ? word : "";
  if (present) return value;
  if (kind === "?") throw new Unexpandable();
  if (kind === "=") reader.assigned[name] = word;
  return word;
}

function forgetAssignments(reader: Reader, before: Readonly<Record<string, string>>): void {
  for (const name of Object.keys(reader.assigned)) delete reader.assigned[name];
  Object.assign(reader.assigned, before);
}

/** The word of an operator, up to and with its closing brace. */
function inside(reader: Reader): string {
  let result = "";
  while (!reader.takeIf("}")) {
    if (reader.takeIf("'")) result += upTo(reader, "'");
    else if (reader.takeIf('"')) result += doubleQuoted(reader);
    else if (reader.takeIf("\\")) result += reader.next();
    else result += variable(reader) ?? reader.next();
  }
  return result;
}

function upTo(reader: Reader, end: string): string {
  let result = "";
  while (!reader.takeIf(end)) result += reader.next();
  return result;
}

function doubleQuoted(reader: Reader): string {
  let result = "";
  while (!reader.takeIf('"')) {
    if (reader.takeIf("\\")) {
      const char = reader.next();
      result += '$`"\\'.includes(char) ? char : `\\${char}`;
    } else {
      result += variable(reader) ?? reader.next();
    }
  }
  return result;
}
