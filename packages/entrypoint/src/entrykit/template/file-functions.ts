import { basename, dirname } from "node:path";

import { FunctionFailure, takes, textOf, type FunctionTable, type TemplateContext } from "./function-table.ts";
import { pointTo, writeJson } from "./json.ts";
import { isMap, valueOf, type Value } from "./value.ts";

/** Sigil's functions of files, of what is in them, and of templates within templates. */
export const FILE_FUNCTIONS: FunctionTable = {
  file: takes(1, ([path], context) => read("file", path, context)),
  text: takes(1, ([path], context) => read("text", path, context)),
  exists: takes(1, ([path], { files }) => files.find(textOf("exists", path)) !== undefined),
  dir: takes(1, ([path], { files }) => files.list(textOf("dir", path), "all")),
  dirs: takes(1, ([path], { files }) => files.list(textOf("dirs", path), "folders")),
  files: takes(1, ([path], { files }) => files.list(textOf("files", path), "files")),
  json: takes(1, ([path], context) => parseJson(read("json", path, context))),
  tojson: takes(1, ([value = null]) => writeJson(value)),
  pointer: takes(2, ([path, value = null]) => {
    if (!isMap(value)) throw new FunctionFailure("pointer needs a map");
    return pointTo(textOf("pointer", path), value);
  }),
  include: takes([1, Infinity], ([path, ...variables], context) => {
    const name = locate(textOf("include", path), context);
    const template = { name: basename(name), text: context.files.read(name), folder: dirname(name) };
    return context.render(template, variables.flatMap(variablesOf));
  }),
  render: takes([1, Infinity], (args, context) =>
    context.render({ name: "<render>", text: textOf("render", args.at(-1)) }, args.slice(0, -1).flatMap(variablesOf)),
  ),
  var: takes(1, ([name], { env }) => env[textOf("var", name)] ?? ""),
  default: takes(2, ([fallback = null, value = null]) => (isZero(value) ? fallback : value)),
};

function read(name: string, path: Value | undefined, context: TemplateContext): string {
  return context.files.read(locate(textOf(name, path), context));
}

function locate(path: string, { files }: TemplateContext): string {
  return files.find(path) ?? path;
}

function parseJson(text: string): Value {
  try {
    return valueOf(JSON.parse(text));
  } catch (error) {
    throw new FunctionFailure(error instanceof Error ? error.message : String(error));
  }
}

/** `name=value`, or a map of them. */
function variablesOf(argument: Value): readonly (readonly [string, Value])[] {
  if (isMap(argument)) return [...argument];
  const text = typeof argument === "string" ? argument : "";
  const at = text.indexOf("=");
  return at === -1 ? [] : [[text.slice(0, at), text.slice(at + 1)]];
}

/** What `default` replaces: nothing, and the zero of each kind; an empty list or map is something. */
function isZero(value: Value): boolean {
  return value === null || value === "" || value === false || value === 0 || value === 0n;
}
