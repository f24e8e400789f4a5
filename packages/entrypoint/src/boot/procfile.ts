import { invalid } from "./read-value.ts";

/** A line of a Procfile: the command is one for a shell. */
export interface ProcfileEntry {
  readonly name: string;
  readonly command: string;
}

const LINE = /^([A-Za-z0-9_-]+):\s*(\S.*)$/;

/**
 * Reads a Procfile: a line `NAME: COMMAND` for each process; empty lines and those that begin with # are nothing.
 * https://devcenter.heroku.com/articles/procfile
 * @throws EntrypointError `ENTRYPOINT_DEFINITION_INVALID`, which names the line
 */
export function readProcfile(text: string, path: string): readonly ProcfileEntry[] {
  const entries: ProcfileEntry[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    const place = `${path}:${String(index + 1)}`;
    const trimmed = line.trim();
    if (trimmed === "" || trimmed.startsWith("#")) continue;
    const [, name, command] = LINE.exec(trimmed) ?? [];
    if (name === undefined || command === undefined) throw invalid(place, "expected a line NAME: COMMAND");
    if (command.includes("\0")) throw invalid(place, "there is a NUL character in it, which no argument can have");
    if (name === "release") {
      throw invalid(place, 'release is no process but a phase: make it a task, { "task": "migrate", … }');
    }
    if (entries.some((entry) => entry.name === name)) throw invalid(place, `${name} is there twice`);
    entries.push({ name, command });
  }
  if (entries.length === 0) throw invalid(path, "there is no process in it");
  return entries;
}
