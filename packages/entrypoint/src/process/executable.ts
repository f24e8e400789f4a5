import { accessSync, closeSync, constants, fstatSync, openSync, readSync, statSync } from "node:fs";

import { codeOf, EntrypointError, inLine, messageOf } from "../errors.ts";
import { inspectElf, isElf } from "./elf.ts";

/** How a file is executed: by the kernel, or as a text that a shell reads because no line names an interpreter. */
export type Executable = "kernel" | "shell";

/** Linux looks at this much of a script's first line (BINPRM_BUF_SIZE), and shells at the same for a NUL byte. */
const LINE_LENGTH = 256;
const BINARY_PROBE = 128;

/** Read at once, because the headers of an ELF file, and the path of its dynamic loader, usually lie within. */
const FIRST_BYTES = 1024;

/** A script may be another script's interpreter, and so on: with a sixth one Linux answers ELOOP. */
const DEEPEST_SCRIPT = 5;

/** Whether `execve` may execute the file as far as its mode says. */
export function isExecutable(file: string): boolean {
  try {
    // Asked first because it does not throw for what is not there, and PATH has many such places.
    if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true) return false;
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Looks into a file as Linux' loaders do, and into what it needs to be loaded: the interpreter of a script, down to the
 * last one, and the dynamic loader of an ELF file.
 * @throws EntrypointError `ENTRYPOINT_PROGRAM_NOT_FOUND` (127) for an interpreter or loader that is not there,
 *   `ENTRYPOINT_PROGRAM_NOT_EXECUTABLE` (126) for everything else that `execve` would refuse
 */
export function checkExecutable(name: string, file: string): Executable {
  return withFile(name, file, (fd, start) => {
    if (start === undefined) return "kernel";
    if (isScript(start)) {
      checkScript({ name, file, depth: 1 }, start);
      return "kernel";
    }
    if (isElf(start)) {
      checkElf(name, { file, fd, start });
      return "kernel";
    }
    if (start.subarray(0, BINARY_PROBE).includes(0)) throw notExecutable(name, "is binary, but no format Linux knows");
    return "shell";
  });
}

/** No file's name is longer (NAME_MAX). */
const LONGEST_NAME = 255;

/** What messages call a program; of a name too long to be one its beginning says enough. */
export function briefName(name: string): string {
  return name.includes("/") ? inLine(name) : inLine(name, LONGEST_NAME);
}

/** A file that exists and is refused: 126. */
export function notExecutable(name: string, why: string): EntrypointError {
  return new EntrypointError("ENTRYPOINT_PROGRAM_NOT_EXECUTABLE", {
    message: `${briefName(name)}: cannot be executed: ${why}`,
  });
}

interface Script {
  readonly name: string;
  readonly file: string;
  /** 1 for the program itself, 2 for its interpreter, … */
  readonly depth: number;
}

function isScript(start: Buffer): boolean {
  return start.toString("latin1", 0, 2) === "#!";
}

function checkScript({ name, file, depth }: Script, start: Buffer): void {
  if (depth > DEEPEST_SCRIPT) {
    throw notExecutable(name, `more than ${String(DEEPEST_SCRIPT)} scripts are each other's interpreter`);
  }
  const interpreter = readInterpreter(file, start);
  withFile(file, interpreter, (fd, next) => {
    if (next === undefined) return;
    if (isScript(next)) checkScript({ name, file: interpreter, depth: depth + 1 }, next);
    else if (isElf(next)) checkElf(name, { file: interpreter, fd, start: next });
    else throw notExecutable(name, `the interpreter ${JSON.stringify(interpreter)} of ${file} is not a program`);
  });
}

function readInterpreter(file: string, bytes: Buffer): string {
  const start = bytes.subarray(0, LINE_LENGTH);
  const line = start.toString("utf8", 2).split("\n", 1)[0] ?? "";
  // Only blanks are taken off: to the kernel a carriage return is part of the interpreter's name.
  const [, interpreter = "", after = ""] = /^[ \t]*([^ \t\0]*)(.?)/s.exec(line) ?? [];
  if (interpreter === "") throw notExecutable(file, "its first line names no interpreter");
  if (after === "" && start.length === LINE_LENGTH && !start.includes("\n")) {
    throw notExecutable(file, `the interpreter in its first line does not end within ${String(LINE_LENGTH)} bytes`);
  }
  if (isExecutable(interpreter)) return interpreter;
  const carriageReturn = line.endsWith("\r") ? " (the line ends in a carriage return)" : "";
  throw new EntrypointError("ENTRYPOINT_PROGRAM_NOT_FOUND", {
    message: `${file}: its interpreter ${JSON.stringify(interpreter)} does not exist or is not executable${carriageReturn}`,
  });
}

interface Opened {
  readonly file: string;
  readonly fd: number;
  readonly start: Buffer;
}

function checkElf(name: string, { file, fd, start }: Opened): void {
  const found = inspectElf({ fd, start, size: fstatSync(fd).size });
  if ("problem" in found) throw notExecutable(name, `${file} ${found.problem}`);
  const { loader } = found;
  if (loader === undefined) return;
  if (!isExecutable(loader)) {
    throw new EntrypointError("ENTRYPOINT_PROGRAM_NOT_FOUND", {
      message: `${name}: ${file} needs the dynamic loader ${JSON.stringify(loader)}, which does not exist or is not executable`,
      hint: "Use a program built for this image's C library: Alpine has musl, Debian has glibc.",
    });
  }
  withFile(name, loader, (loaderFd, first) => {
    if (first === undefined) return;
    if (!isElf(first)) throw notExecutable(name, `its dynamic loader ${loader} is not an ELF file`);
    const own = inspectElf({ fd: loaderFd, start: first, size: fstatSync(loaderFd).size });
    if ("problem" in own) throw notExecutable(name, `its dynamic loader ${loader} ${own.problem}`);
  });
}

/** `start` is undefined for a file that may be executed but not read: that one is left to the kernel. */
function withFile<T>(name: string, file: string, work: (fd: number, start: Buffer | undefined) => T): T {
  let fd: number;
  try {
    fd = openSync(file, "r");
  } catch (error) {
    if (codeOf(error) === "EACCES") return work(-1, undefined);
    throw notExecutable(name, messageOf(error));
  }
  try {
    const bytes = Buffer.alloc(FIRST_BYTES);
    return work(fd, bytes.subarray(0, readSync(fd, bytes, 0, bytes.length, 0)));
  } finally {
    closeSync(fd);
  }
}
