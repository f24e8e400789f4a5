import { FILE_FUNCTIONS } from "./file-functions.ts";
import type { FunctionTable } from "./function-table.ts";
import { GO_FUNCTIONS } from "./go-functions.ts";
import { LIST_FUNCTIONS } from "./list-functions.ts";
import { TEXT_FUNCTIONS } from "./text-functions.ts";

/** Every function a template may call. */
export const FUNCTIONS: FunctionTable = {
  ...GO_FUNCTIONS,
  ...TEXT_FUNCTIONS,
  ...LIST_FUNCTIONS,
  ...FILE_FUNCTIONS,
};

/** The names of the functions, in order. */
export const TEMPLATE_FUNCTIONS: readonly string[] = Object.keys(FUNCTIONS).toSorted();

/** Functions of Sigil and of Go's templates that are refused, and what to use instead. */
export const REFUSED_FUNCTIONS: Readonly<Record<string, string>> = {
  sh: "run the command in a prehook that writes a file, and read that with file",
  httpget: "fetch it in a prehook that writes a file, and read that with file",
  stdin: "standard input is the program's: read a file with file",
  yaml: "keep the data as JSON and read it with json",
  toyaml: "JSON is YAML: use tojson",
  jmespath: "take the value with pointer or index",
  substr: "use slice, as in slice TEXT 1 4",
  base64enc: "encode it in a prehook that writes a file, and read that with file",
  base64dec: "decode it in a prehook that writes a file, and read that with file",
  call: "there are no functions among the values of a template",
};

/** Why a function cannot be called; `undefined` when it can. */
export function refusalOf(name: string): string | undefined {
  if (Object.hasOwn(FUNCTIONS, name)) return undefined;
  const instead = Object.hasOwn(REFUSED_FUNCTIONS, name) ? REFUSED_FUNCTIONS[name] : undefined;
  return instead === undefined ? `function "${name}" not defined` : `function "${name}" is not supported: ${instead}`;
}
