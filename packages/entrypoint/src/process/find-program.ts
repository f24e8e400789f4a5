import { statSync } from "node:fs";

import { codeOf, EntrypointError } from "../errors.ts";
import { briefName, checkExecutable, isExecutable, notExecutable } from "./executable.ts";

/** A program that can be executed: the file, and the words that go before the arguments. */
export interface Program {
  /** Path of the file `execve` is called with. */
  readonly file: string;
  /** argv up to the first argument: the name as typed, or a shell and the script's path. */
  readonly head: readonly string[];
}

/**
 * Finds a program as a shell does: a name with a slash is a path, any other is looked for in `path`. A text file without
 * an interpreter line is run by /bin/sh, as `execvp` does.
 *
 * Everything `execve` would refuse is found out here, because Node before 26 aborts the process when `execve` fails.
 * @throws EntrypointError `ENTRYPOINT_PROGRAM_NOT_FOUND` (127) or `ENTRYPOINT_PROGRAM_NOT_EXECUTABLE` (126)
 */
export function findProgram(name: string, path: string): Program {
  const file = name.includes("/") ? name : searchPath(name, path);
  // What PATH was searched for is executable already.
  if (file === name) checkFile(name, file);
  if (checkExecutable(name, file) === "kernel") return { file, head: [name] };
  if (!isExecutable("/bin/sh"))
    throw notExecutable(name, "is a text that names no interpreter, and there is no /bin/sh");
  return { file: "/bin/sh", head: ["/bin/sh", file] };
}

/** Where programs are looked for without PATH. An empty PATH is something else: its one element is the working directory. */
const DEFAULT_PATH = "/usr/local/bin:/usr/bin:/bin";

/** Where this environment has programs looked for. */
export function searchPathOf(env: NodeJS.ProcessEnv): string {
  return env["PATH"] ?? DEFAULT_PATH;
}

/** Whether a program of this name can be found in `path`. */
export function isInPath(name: string, path: string): boolean {
  return candidates(name, path).some(isExecutable);
}

function candidates(name: string, path: string): string[] {
  // Put together as execvp does it: Node's `join` goes through every character, which is felt at a start.
  return path.split(":").map((folder) => `${folder === "" ? "." : folder}/${name}`);
}

function searchPath(name: string, path: string): string {
  const all = name === "" ? [] : candidates(name, path);
  const found = all.find(isExecutable);
  if (found !== undefined) return found;
  const refused = all.find(isFile);
  if (refused !== undefined) {
    checkFile(name, refused);
    return refused;
  }
  throw new EntrypointError("ENTRYPOINT_PROGRAM_NOT_FOUND", {
    message: `${JSON.stringify(briefName(name))}: no such program in PATH (${path})`,
  });
}

function isFile(file: string): boolean {
  try {
    return statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
  } catch {
    // A name too long for any file, a folder of PATH that may not be looked into.
    return false;
  }
}

function checkFile(name: string, file: string): void {
  let directory: boolean;
  try {
    directory = statSync(file).isDirectory();
  } catch (cause) {
    if (codeOf(cause) === "EACCES") throw notExecutable(name, "permission denied");
    throw new EntrypointError("ENTRYPOINT_PROGRAM_NOT_FOUND", { message: `${briefName(name)}: no such file`, cause });
  }
  if (directory) throw notExecutable(name, "is a directory");
  if (!isExecutable(file)) throw notExecutable(name, "permission denied, or no execute bit");
}
