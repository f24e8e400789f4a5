import { Command, CommanderError } from "commander";

import { BaseImageError, isBaseImageError } from "../errors.ts";
import { addBuild } from "./build.ts";
import { addCheck, FindingsError } from "./check.ts";
import { addExplain } from "./explain.ts";
import { addInit } from "./init.ts";
import { createOutput, errorText, printable, type Streams } from "./output.ts";
import { addRender } from "./render.ts";
import type { AddVerb, VerbContext } from "./verb.ts";
import { addVerify } from "./verify.ts";
import { VERSION } from "./version.ts";

const VERBS: readonly AddVerb[] = [addInit, addRender, addCheck, addExplain, addBuild, addVerify];

/** A verification that finds something wrong has its summary already. */
const SUMMED_UP: ReadonlySet<string> = new Set(["BASE_IMAGE_VERIFY_FAILED"]);

interface GlobalFlags {
  readonly config?: string;
  readonly json: boolean;
  readonly quiet: boolean;
}

/**
 * Runs the program and gives its exit code. A fault of the definition, the command line or the world is printed; a bug of
 * base-image is thrown with its stack.
 */
export async function runProgram(args: readonly string[], streams: Streams, signal: AbortSignal): Promise<number> {
  const program = createProgram(streams, signal);
  try {
    await program.parseAsync(args, { from: "user" });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return commanderExit(error, streams);
    if (error instanceof FindingsError) return 1;
    if (!isBaseImageError(error)) throw error;
    streams.stderr.write(printable(errorText(error)));
    if (!SUMMED_UP.has(error.code)) {
      const { code, message, hint, exitCode } = error;
      createOutput(streams, program.opts<GlobalFlags>()).summary({ error: { code, message, hint, exitCode } });
    }
    return error.exitCode;
  }
}

/** The program with its verbs. */
export function createProgram(streams: Streams, signal: AbortSignal): Command {
  const program = new Command("base-image")
    .description("The shared ruby + node base image, and the images on it, as typed definitions.")
    .version(VERSION)
    .option("--config <file>", "the definition (default: base-image.config.ts or .mts)")
    .option("--json", "one JSON object per line on the standard output", false)
    .option("--quiet", "no words, only results", false)
    .addHelpText("after", "\nExample:\n  base-image --config image.config.ts render\n")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void streams.stdout.write(text),
      writeErr: (text) => void streams.stderr.write(text),
      outputError: () => {},
    });
  const contextFor = (): VerbContext => {
    const { config, json, quiet } = program.opts<GlobalFlags>();
    const { isTTY = false, columns = 80 } = streams.stderr;
    const output = createOutput(streams, { json, quiet });
    return { output, config, signal, terminal: isTTY ? { columns } : undefined };
  };
  for (const add of VERBS) add(program, contextFor);
  for (const verb of program.commands) verb.copyInheritedSettings(program);
  return program;
}

function commanderExit(error: CommanderError, streams: Streams): number {
  if (error.exitCode === 0) return 0;
  if (error.code === "commander.help") return 2;
  const [first = "", ...rest] = error.message.replace(/^error: /, "").split("\n");
  const hint = rest.join(" ").replaceAll(/[()]/g, "").trim();
  streams.stderr.write(errorText(new BaseImageError("BASE_IMAGE_USAGE", first, hint === "" ? {} : { hint })));
  return 2;
}
