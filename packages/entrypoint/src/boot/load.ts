import { codeOf, EntrypointError, messageOf } from "../errors.ts";
import { readWrittenFile } from "../process/regular-file.ts";
import { readDefinition, type Definition, type Surroundings } from "./definition.ts";
import { applyOverrides } from "./overrides.ts";
import { parseJson } from "./parse-json.ts";

/** The definition's file when none is named. */
export const DEFAULT_CONFIG = "entrypoint.json";

const RECEIPT_FORMAT = "slipway-receipt/1";

/** The id of what is started, and where it came from. */
export interface Release {
  readonly id: string;
  readonly from: string;
}

/**
 * Reads a definition that is not checked yet.
 * @throws EntrypointError `ENTRYPOINT_DEFINITION_MISSING`, `ENTRYPOINT_DEFINITION_SYNTAX`; `ENTRYPOINT_DEFINITION_INVALID`
 *   for a key that stands twice
 */
export function openDefinition(path: string): unknown {
  const text = read(path, "ENTRYPOINT_DEFINITION_MISSING");
  return inFile(path, () => orUnreadable("ENTRYPOINT_DEFINITION_SYNTAX", () => parseJson(text)));
}

/**
 * The definition with what the environment puts in the place of its own values, and with the tasks it has when it lists none.
 * @throws EntrypointError `ENTRYPOINT_DEFINITION_INVALID`, naming the variable
 */
export function completed(definition: unknown, env: Readonly<NodeJS.ProcessEnv>): unknown {
  const isComplete = typeof definition === "object" && definition !== null && "tasks" in definition;
  const named = Object.keys(env).some((name) => name.startsWith("ENTRYPOINT_"));
  return isComplete && !named ? definition : applyOverrides(definition, env);
}

/**
 * Checks a definition that was read from `path`, with the Procfile that it names.
 * @throws EntrypointError of exit code 2
 */
export function checkDefinition(
  path: string,
  value: unknown,
  env: Readonly<NodeJS.ProcessEnv>,
  surroundings: Omit<Surroundings, "read">,
): Definition {
  return inFile(path, () => readDefinition(value, env, { ...surroundings, read: readProcfile }));
}

/** Does what finds faults in a file and has them name it. */
export function inFile<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof EntrypointError)) throw error;
    throw new EntrypointError(error.code, { message: `${path}: ${error.message}`, hint: error.hint, cause: error });
  }
}

function readProcfile(path: string): string {
  try {
    return read(path, "ENTRYPOINT_DEFINITION_MISSING");
  } catch (error) {
    if (!(error instanceof EntrypointError)) throw error;
    const hint = "Copy the Procfile into the image, or correct the definition's `procfile`.";
    throw new EntrypointError(error.code, { message: `procfile: ${error.message}`, hint, cause: error });
  }
}

/** Where a release may be named, first to last; after these ECS is asked. */
export interface ReleaseSources {
  /** The value of `--release`. */
  readonly flag: string | undefined;
  readonly env: Readonly<NodeJS.ProcessEnv>;
  readonly receipt: string | undefined;
}

/**
 * The release: that of `--release`, otherwise `ENTRYPOINT_RELEASE`, otherwise that of the receipt, otherwise none.
 * @throws EntrypointError `ENTRYPOINT_RECEIPT_UNREADABLE`
 */
export function findRelease({ flag, env, receipt }: ReleaseSources): Release | undefined {
  if (flag !== undefined) return { id: flag, from: "--release" };
  const given = env["ENTRYPOINT_RELEASE"];
  if (given !== undefined && given !== "") return { id: given, from: "ENTRYPOINT_RELEASE" };
  if (receipt === undefined) return undefined;
  const text = read(receipt, "ENTRYPOINT_RECEIPT_UNREADABLE");
  const value = inFile(receipt, () => orUnreadable("ENTRYPOINT_RECEIPT_UNREADABLE", () => JSON.parse(text) as unknown));
  const { format, release } = (value ?? {}) as { readonly format?: unknown; readonly release?: unknown };
  if (format !== RECEIPT_FORMAT) {
    throw unreadable(receipt, `its format is ${JSON.stringify(format)}, expected "${RECEIPT_FORMAT}"`);
  }
  if (typeof release !== "string" || release === "") throw unreadable(receipt, "it names no release");
  return { id: release, from: receipt };
}

function unreadable(receipt: string, problem: string): EntrypointError {
  return new EntrypointError("ENTRYPOINT_RECEIPT_UNREADABLE", { message: `${receipt}: ${problem}` });
}

type ReadCode = "ENTRYPOINT_DEFINITION_MISSING" | "ENTRYPOINT_DEFINITION_SYNTAX" | "ENTRYPOINT_RECEIPT_UNREADABLE";

function read(path: string, code: ReadCode): string {
  try {
    return readWrittenFile(path);
  } catch (cause) {
    const missing = codeOf(cause) === "ENOENT";
    const why = missing ? `no such file in ${process.cwd()}` : messageOf(cause);
    throw new EntrypointError(code, { message: `${path}: ${why}`, cause });
  }
}

function orUnreadable(code: ReadCode, parse: () => unknown): unknown {
  try {
    return parse();
  } catch (cause) {
    if (cause instanceof EntrypointError) throw cause;
    throw new EntrypointError(code, { message: messageOf(cause), cause });
  }
}
