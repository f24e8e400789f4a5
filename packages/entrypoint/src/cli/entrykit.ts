import type { EntrykitContext } from "../entrykit/context.ts";
import type { EntrykitName } from "../entrykit/names.ts";
import { makeSymlinks } from "../entrykit/symlink.ts";
import { EntrypointError, printable, stackOf } from "../errors.ts";
import { prepareOpenFiles } from "../process/open-files.ts";
import { writeOut } from "../process/output.ts";
import { openSignalDesk } from "../process/signal-desk.ts";
import { VERSION } from "./version.ts";

/** Each command's code is loaded when it is called. */
const COMMANDS: Readonly<Record<EntrykitName, (context: EntrykitContext) => Promise<number>>> = {
  codep: async (context) => (await import("../entrykit/codep.ts")).codep(context),
  prehook: async (context) => (await import("../entrykit/prehook.ts")).prehook(context),
  render: async (context) => (await import("../entrykit/render.ts")).render(context),
  switch: async (context) => (await import("../entrykit/switch.ts")).switchCommand(context),
  entrykit: async (context) => (await import("../entrykit/entrykit.ts")).entrykit(context),
};

/** Runs the program under a name of entrykit's, with its exit codes and its form of messages. */
export async function entrykitMain(name: EntrykitName, args: readonly string[], path: string): Promise<number> {
  const [first] = args;
  try {
    if (first === "-v" || first === "--version") return print(`${VERSION}\n`);
    if (first === "--help") return print((await import("../entrykit/help.ts")).helpOf(name));
    if (name === "entrykit" && first === "--symlink") return printLinks(path);
    const desk = openSignalDesk();
    const softLimit = await prepareOpenFiles();
    return await COMMANDS[name]({ args, env: process.env, desk, softLimit, warn });
  } catch (error) {
    const known = error instanceof EntrypointError;
    writeOut(2, `!! ${printable(known ? error.message : stackOf(error))}\n`);
    return known ? error.exitCode : 1;
  }
}

/** Makes the links beside the program and says so, one a line. */
export function printLinks(path: string): number {
  return print(
    makeSymlinks(path)
      .map((link) => `Creating symlink ${link} ...\n`)
      .join(""),
  );
}

function warn(message: string): void {
  writeOut(2, `warning: ${printable(message)}\n`);
}

function print(text: string): number {
  writeOut(1, text);
  return 0;
}
