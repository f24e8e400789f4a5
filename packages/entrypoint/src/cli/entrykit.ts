import { realpathSync } from "node:fs";
import { basename } from "node:path";

import type { EntrykitContext } from "../entrykit/context.ts";
import { isEntrykitName, type EntrykitName } from "../entrykit/names.ts";
import { prehook } from "../entrykit/prehook.ts";
import { makeSymlinks } from "../entrykit/symlink.ts";
import { EntrypointError, inLine, printable, stackOf } from "../errors.ts";
import { prepareOpenFiles } from "../process/open-files.ts";
import { writeOut } from "../process/output.ts";
import { openSignalDesk } from "../process/signal-desk.ts";
import { VERSION } from "./version.ts";

/** Each command's code is loaded when it is called. */
const COMMANDS: Readonly<Record<EntrykitName, (context: EntrykitContext) => Promise<number>>> = {
  codep: async (context) => (await import("../entrykit/codep.ts")).codep(context),
  prehook: async (context) => prehook(context),
  render: async (context) => (await import("../entrykit/render.ts")).render(context),
  switch: async (context) => (await import("../entrykit/switch.ts")).switchCommand(context),
  entrykit: async (context) => (await import("../entrykit/entrykit.ts")).entrykit(context),
};

/** Runs the program under a name of entrykit's, with its exit codes and its form of messages. */
export async function entrykitMain(name: EntrykitName, args: readonly string[], path: string): Promise<number> {
  try {
    if (name === "entrykit" && args[0] === "--symlink") return print(madeLinks(path));
    const desk = openSignalDesk();
    const softLimit = await prepareOpenFiles();
    const surroundings = { desk, softLimit, warn, chain: chainTo(path) };
    return await call(name, { ...surroundings, args, env: process.env });
  } catch (error) {
    const known = error instanceof EntrypointError;
    writeOut(2, `!! ${known ? inLine(error.message) : printable(stackOf(error))}\n`);
    return known ? error.exitCode : 1;
  }
}

async function call(name: EntrykitName, context: EntrykitContext): Promise<number> {
  const [first] = context.args;
  if (first === "-v" || first === "--version") return print(`${VERSION}\n`);
  if (first === "--help") return print((await import("../entrykit/help.ts")).helpOf(name));
  return COMMANDS[name](context);
}

/** Goes on in this process where the program that follows is this very file under a name of entrykit's. */
function chainTo(path: string): NonNullable<EntrykitContext["chain"]> {
  return (file, [program = "", ...args], context) => {
    const name = basename(program);
    if (!isEntrykitName(name) || realpathSync(file) !== realpathSync(path)) return undefined;
    context.desk.check();
    return call(name, { ...context, args });
  };
}

/** Makes the links beside the program; a line for each. */
export function madeLinks(path: string): string {
  return makeSymlinks(path)
    .map((link) => `Creating symlink ${link} ...\n`)
    .join("");
}

function warn(message: string): void {
  writeOut(2, `warning: ${inLine(message)}\n`);
}

function print(text: string): number {
  const failure = writeOut(1, text);
  if (failure === "" || failure === "EPIPE") return 0;
  throw new EntrypointError("ENTRYPOINT_ENTRYKIT_TASK", {
    message: `standard output cannot be written to: ${failure}`,
  });
}
