import { accessSync, closeSync, constants, openSync, readSync, statSync } from "node:fs";
import { delimiter, join } from "node:path";

import { codeOf, EntrypointError, messageOf } from "../errors.ts";

/** A program that can be executed: the file, and the words that go before the arguments. */
export interface Program {
  /** Path of the file `execve` is called with. */
  readonly file: string;
  /** argv up to the first argument: the name as typed, or a shell and the script's path. */
  readonly head: readonly string[];
}

const MACHINE_OFFSET = 18;

/**
 * Finds a program as a shell does: a name with a slash is a path, any other is looked for in `path`. A text file without
 * an interpreter line is run by /bin/sh, as `execvp` does.
 *
 * Everything `execve` would refuse is found out here, because Node before 26 aborts the process when `execve` fails.
 * @throws EntrypointError `ENTRYPOINT_PROGRAM_NOT_FOUND` (127) or `ENTRYPOINT_PROGRAM_NOT_EXECUTABLE` (126)
 */
export function findProgram(name: string, path: string): Program {
  const file = name.includes("/") ? name : searchPath(name, path);
  checkFile(name, file);
  const start = readStart(name, file);
  if (start.toString("latin1", 0, 2) === "#!") {
    checkInterpreter(file, start);
    return { file, head: [name] };
  }
  if (start.toString("latin1", 1, 4) === "ELF") {
    checkMachine(name, file, start);
    return { file, head: [name] };
  }
  return { file: "/bin/sh", head: ["/bin/sh", file] };
}

/** Whether a program of this name can be found in `path`. */
export function isInPath(name: string, path: string): boolean {
  return candidates(name, path).some(isExecutable);
}

function candidates(name: string, path: string): string[] {
  return path.split(delimiter).map((folder) => join(folder === "" ? "." : folder, name));
}

function searchPath(name: string, path: string): string {
  const all = name === "" ? [] : candidates(name, path).filter((file) => isFile(file));
  const found = all.find(isExecutable) ?? all[0];
  if (found !== undefined) return found;
  throw new EntrypointError("ENTRYPOINT_PROGRAM_NOT_FOUND", {
    message: `${JSON.stringify(name)}: no such program in PATH (${path})`,
  });
}

function isFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return isFile(file);
  } catch {
    return false;
  }
}

function checkFile(name: string, file: string): void {
  let directory: boolean;
  try {
    directory = statSync(file).isDirectory();
  } catch (cause) {
    if (codeOf(cause) === "EACCES") throw notExecutable(name, "permission denied");
    throw new EntrypointError("ENTRYPOINT_PROGRAM_NOT_FOUND", { message: `${name}: no such file`, cause });
  }
  if (directory) throw notExecutable(name, "is a directory");
  if (!isExecutable(file)) throw notExecutable(name, "permission denied, or no execute bit");
}

/** The first bytes; a program that may be executed but not read cannot be looked into and is left to the kernel. */
function readStart(name: string, file: string): Buffer {
  const bytes = Buffer.alloc(256);
  let fd: number;
  try {
    fd = openSync(file, "r");
  } catch (error) {
    if (codeOf(error) === "EACCES") return Buffer.from("\u007fELF", "latin1");
    throw notExecutable(name, messageOf(error));
  }
  try {
    return bytes.subarray(0, readSync(fd, bytes, 0, bytes.length, 0));
  } finally {
    closeSync(fd);
  }
}

function checkInterpreter(file: string, start: Buffer): void {
  const line = start.toString("latin1", 2).split("\n", 1)[0] ?? "";
  // Only blanks are taken off: to the kernel a carriage return is part of the interpreter's name.
  const interpreter = /^[ \t]*([^ \t]*)/.exec(line)?.[1] ?? "";
  if (interpreter === "") throw notExecutable(file, "its first line names no interpreter");
  if (isExecutable(interpreter)) return;
  const carriageReturn = line.endsWith("\r") ? " (the line ends in a carriage return)" : "";
  throw new EntrypointError("ENTRYPOINT_PROGRAM_NOT_FOUND", {
    message: `${file}: its interpreter ${JSON.stringify(interpreter)} does not exist or is not executable${carriageReturn}`,
  });
}

function checkMachine(name: string, file: string, start: Buffer): void {
  const own = readStart(process.execPath, process.execPath);
  const known = start.length > MACHINE_OFFSET + 1 && own.length > MACHINE_OFFSET + 1;
  if (!known || start.readUInt16LE(MACHINE_OFFSET) === own.readUInt16LE(MACHINE_OFFSET)) return;
  throw notExecutable(name, `${file} is built for another processor than this container's (${process.arch})`);
}

function notExecutable(name: string, why: string): EntrypointError {
  return new EntrypointError("ENTRYPOINT_PROGRAM_NOT_EXECUTABLE", { message: `${name}: cannot be executed: ${why}` });
}
