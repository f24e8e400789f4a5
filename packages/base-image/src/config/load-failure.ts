import { readFile } from "node:fs/promises";
import { relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import { execa } from "execa";

/** `FILE:LINE: NAME: MESSAGE` for an error met while a definition file was loaded. */
export async function describeLoadFailure(error: unknown, file: string): Promise<string> {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const place = locate(error, file) ?? (await placeOfImport(error, file)) ?? (await placeOfSyntaxError(error, file));
  return `${place ?? shown(file)}: ${text}`;
}

/** What helps against an error that is not a mistake in the file itself. */
export function remedyFor(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const name = missingPackage(error.message);
  if (name !== undefined) return `npm install --save-dev ${name}`;
  if (!(error instanceof SyntaxError)) return undefined;
  if (!/^(?:Cannot use import statement outside a module|Unexpected token 'export')/.test(error.message))
    return undefined;
  return 'Node takes this file for CommonJS: rename it to .mts, or set "type": "module" in package.json.';
}

/** The package of a specifier that is neither a path nor a name that no package can have. */
function missingPackage(message: string): string | undefined {
  return /^(?:@[a-z0-9][\w.~-]*\/)?[a-z0-9][\w.~-]*(?=\/|$)/.exec(missingSpecifier(message) ?? "")?.[0];
}

function missingSpecifier(message: string): string | undefined {
  return /Cannot find (?:package|module) '([^']+)'/.exec(message)?.[1];
}

/** Where in the definition file an error was thrown: the first frame of its stack that is in it. */
export function locate(error: unknown, file: string): string | undefined {
  if (!(error instanceof Error) || error.stack === undefined) return undefined;
  const url = pathToFileURL(file).href;
  for (const line of error.stack.split("\n")) {
    const at = Math.max(line.indexOf(`${url}:`), line.indexOf(`${file}:`));
    const position = at === -1 ? null : /\.\w+:(\d+)(?::\d+)?/.exec(line.slice(at));
    if (position?.[1] !== undefined) return `${shown(file)}:${position[1]}`;
  }
  return undefined;
}

/** node names the file that an import is missing in, but not the line. */
async function placeOfImport(error: unknown, file: string): Promise<string | undefined> {
  const specifier = error instanceof Error ? missingSpecifier(error.message) : undefined;
  if (specifier === undefined) return undefined;
  const name = specifier.startsWith("/") ? (specifier.split("/").at(-1) ?? specifier) : specifier;
  const lines = (await readFile(file, "utf8")).split("\n");
  const index = lines.findIndex((line) => /\bfrom\b|\bimport\b/.test(line) && line.includes(name));
  return index === -1 ? undefined : `${shown(file)}:${index + 1}`;
}

/** The place of a syntax error is not in its stack; node prints it when the file is run by itself. */
async function placeOfSyntaxError(error: unknown, file: string): Promise<string | undefined> {
  if (!(error instanceof SyntaxError)) return undefined;
  const { stderr } = await execa(process.execPath, [...process.execArgv, file], { reject: false, timeout: 10_000 });
  const match = /^(file:\/\/\S+|\/\S+):(\d+)$/m.exec(stderr);
  if (match?.[1] === undefined) return undefined;
  const path = match[1].startsWith("file:") ? fileURLToPath(match[1]) : match[1];
  return `${shown(path)}:${match[2]}`;
}

function shown(file: string): string {
  const short = relative(process.cwd(), file);
  return short.startsWith("..") ? file : short;
}
