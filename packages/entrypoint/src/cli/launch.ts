import type { Module as NodeModule } from "node:module";

import type { CompiledForm } from "./bake.ts";

// `require` would first go the way on which files are found.
const { readFileSync } = process.getBuiltinModule("node:fs");
const { Script } = process.getBuiltinModule("node:vm");

/** The program's first file beside this one; the names of its files change with their content. */
declare const __PROGRAM__: string;

// `node:module` would load more than its class, which every module has.
const { constructor: Module } = module as unknown as { readonly constructor: typeof NodeModule };

/** Of each file that was loaded. */
const forms: CompiledForm[] = [];

/**
 * V8's compiled form of a file, which `bake` leaves beside it. The name binds it to the file's content and to V8's version;
 * V8 itself passes over what does not fit.
 */
function readForm(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

/** Loads a file of the program as `require` would, but as a script whose compiled form can be given and taken. */
function load(name: string): NodeModule["exports"] {
  const file = `${__dirname}/${name}`;
  const loaded = require.cache[file];
  if (loaded !== undefined) return loaded.exports;
  const own = new Module(file);
  own.filename = file;
  require.cache[file] = own;
  const formFile = `${file}.${process.versions.v8}`;
  const cachedData = readForm(formFile);
  const script = new Script(readFileSync(file, "latin1"), {
    filename: file,
    ...(cachedData !== undefined && { cachedData }),
  });
  forms.push({ file: formFile, take: () => script.createCachedData() });
  script.runInThisContext()(own.exports, requireOf(own), own, file, __dirname);
  return own.exports;
}

function requireOf(own: NodeModule): (name: string) => unknown {
  return (name) =>
    name.startsWith("./") ? load(name.slice(2)) : (process.getBuiltinModule(name) ?? own.require(name));
}

load(__PROGRAM__).begin(forms);
