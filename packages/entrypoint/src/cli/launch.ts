import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Script } from "node:vm";

import type { Module as NodeModule } from "node:module";

import type { Compiled } from "./bake.ts";

/** The program's file beside this one; its name changes with its content. */
declare const __PROGRAM__: string;

const file = join(__dirname, __PROGRAM__);

/**
 * V8's compiled form of the program, which `bake` leaves beside it. The name binds it to the program's content and to V8's
 * version; V8 itself passes over what does not fit.
 */
const compiledFile = `${file}.${process.versions.v8}`;

function readCompiled(): Buffer | undefined {
  try {
    return readFileSync(compiledFile);
  } catch {
    return undefined;
  }
}

// `node:module` would load more than its class, which every module has.
const { constructor: Module } = module as unknown as { readonly constructor: typeof NodeModule };

/** The program is loaded as `require` would, but as a script whose compiled form can be given and taken. */
const program = new Module(file);
program.filename = file;
require.cache[file] = program;
const cachedData = readCompiled();
const source = Module.wrap(readFileSync(file, "utf8"));
const script = new Script(source, { filename: file, ...(cachedData !== undefined && { cachedData }) });
script.runInThisContext()(program.exports, program.require.bind(program), program, file, __dirname);
const compiled: Compiled = { file: compiledFile, take: () => script.createCachedData() };
program.exports.begin(compiled);
