import { Command, CommanderError } from "commander";

import { BaseImageError, isBaseImageError } from "../errors.ts";
import { addBake } from "./bake.ts";
import { addBuild } from "./build.ts";
import { addCheck } from "./check.ts";
import { addExplain } from "./explain.ts";
import { asksForJson, failureLines, failureText, type Failure } from "./failure.ts";
import { FindingsError } from "./finding-report.ts";
import { addInit } from "./init.ts";
import { createOutput, printable, type Streams } from "./output.ts";
import { addLayers } from "./layers.ts";
import { addProveAssets } from "./prove-assets.ts";
import { addRead } from "./read.ts";
import { addLock } from "./lock.ts";
import { addPublish } from "./publish.ts";
import { addRender } from "./render.ts";
import type { AddVerb, VerbContext } from "./verb.ts";
import { addVerify } from "./verify.ts";
import { VERSION } from "./version.ts";

const VERBS: readonly AddVerb[] = [
  addInit,
  addRender,
  addCheck,
  addRead,
  addExplain,
  addBuild,
  addVerify,
  addProveAssets,
  addLayers,
  addLock,
  addPublish,
  addBake,
];

interface GlobalFlags {
  readonly config?: string;
  readonly image?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/**
 * Runs the program and gives its exit code; that of a signal when the reason of `signal` names one. A fault of the definition, the
 * command line or the world is printed; a bug of base-image is thrown with its stack.
 */
export async function runProgram(args: readonly string[], streams: Streams, signal: AbortSignal): Promise<number> {
  let summary: object | undefined;
  const program = createProgram(streams, signal, (given) => {
    summary = given;
  });
  try {
    await program.parseAsync(args, { from: "user" });
    if (summary !== undefined && asksForJson(args)) {
      streams.stdout.write(`${JSON.stringify({ type: "summary", ...summary })}\n`);
    }
    return signal.aborted ? interruptedExit(signal) : 0;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    const { code, message, hint, exitCode } = failureOf(error);
    const failure = { code, message, hint, exitCode: signal.aborted ? interruptedExit(signal) : exitCode };
    if (!isPrinted(error) && !isReaderGone(signal)) streams.stderr.write(printable(failureText(failure)));
    if (asksForJson(args)) streams.stdout.write(failureLines(failure, summary));
    return failure.exitCode;
  }
}

/** The program with its verbs; `summarise` is given what a verb sums up. */
export function createProgram(streams: Streams, signal: AbortSignal, summarise: (summary: object) => void): Command {
  const program = new Command("base-image")
    .description("The shared ruby + node base image, and the images on it, as typed definitions.")
    .version(VERSION)
    .option("--config <file>", "the definition (default: base-image.config.ts or .mts)")
    .option("--image <name>", "the image, where the definition is a matrix")
    .option("--json", "one JSON object per line on the standard output")
    .option("--quiet", "no words, only results")
    .addHelpText("after", "\nExample:\n  base-image --config image.config.ts render\n")
    .configureHelp({ showGlobalOptions: true })
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void streams.stdout.write(text),
      writeErr: (text) => void streams.stderr.write(text),
      outputError: () => {},
    });
  const contextFor = (command: Command): VerbContext => {
    const { config, image, json: asked = false, quiet = false } = program.opts<GlobalFlags>();
    const { format = "text" } = command.opts<{ readonly format?: string }>();
    if (asked && !["text", "json"].includes(format)) {
      throw new BaseImageError("BASE_IMAGE_USAGE", `--json and --format ${format} were given; expected one of them`);
    }
    const json = asked || format === "json";
    const { isTTY = false, columns = 80 } = streams.stderr;
    const output = createOutput(streams, { json, quiet }, summarise);
    return { output, config, image, signal, terminal: isTTY ? { columns } : undefined };
  };
  for (const add of VERBS) add(program, contextFor);
  for (const verb of program.commands) verb.copyInheritedSettings(program);
  return program;
}

function failureOf(error: unknown): Failure {
  if (error instanceof FindingsError) return error.failure;
  if (error instanceof CommanderError) return usageOf(error);
  if (!isBaseImageError(error)) throw error;
  return error;
}

function usageOf(error: CommanderError): Failure {
  if (error.code === "commander.help") return new BaseImageError("BASE_IMAGE_USAGE", "a verb is missing");
  const [first = "", ...rest] = error.message.replace(/^error: /, "").split("\n");
  const hint = rest.join(" ").replaceAll(/[()]/g, "").trim();
  return new BaseImageError("BASE_IMAGE_USAGE", first, hint === "" ? {} : { hint });
}

/** Whether people have been told: the findings of a check, or the help where a verb is missing. */
function isPrinted(error: unknown): boolean {
  return error instanceof FindingsError || (error instanceof CommanderError && error.code === "commander.help");
}

/** The exit codes of programs that a signal ends, as shells count them. */
const SIGNAL_EXITS: ReadonlyMap<unknown, number> = new Map([
  ["SIGINT", 130],
  ["SIGPIPE", 141],
  ["SIGTERM", 143],
]);

function interruptedExit(signal: AbortSignal): number {
  return SIGNAL_EXITS.get(signalOf(signal)) ?? 130;
}

/** Whether the work ends because nobody reads its output any more: nobody is to be told. */
function isReaderGone(signal: AbortSignal): boolean {
  return signal.aborted && signalOf(signal) === "SIGPIPE";
}

function signalOf({ reason }: AbortSignal): string | undefined {
  return reason instanceof Error ? reason.message : undefined;
}
