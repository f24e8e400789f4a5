import { basename } from "node:path";

import { suggest } from "../boot/spelling.ts";
import { emitError, emitSummary } from "../boot/start.ts";
import { isEntrykitName } from "../entrykit/names.ts";
import { EntrypointError } from "../errors.ts";
import type { Emit } from "../events.ts";
import { EXIT_CODES } from "../process/exit-codes.ts";
import { writeOut } from "../process/output.ts";
import { openSignalDesk } from "../process/signal-desk.ts";
import type { Compiled } from "./bake.ts";
import { entrykitMain, printLinks } from "./entrykit.ts";
import { readFlags, type ParsedFlags } from "./flags.ts";
import { jsonReport, textReport } from "./report.ts";
import { run } from "./run.ts";
import { BACKGROUND_VERB, PROGRAM_FLAGS, VERBS } from "./verbs.ts";
import { VERSION } from "./version.ts";

/** Runs the program for an argv as Node gives it. Resolves to the exit code when nothing was handed over to. */
export async function main(argv: readonly string[], compiled: Compiled): Promise<number> {
  const [, path = "entrypoint", ...args] = argv;
  const name = basename(path);
  // A warning of Node's own goes through process.stderr, which makes a pipe non-blocking for the app.
  process.removeAllListeners("warning");
  if (isEntrykitName(name)) return entrykitMain(name, args, path);
  const emit = args.includes("--json") && !isAfterSeparator(args, "--json") ? jsonReport() : textReport(isQuiet(args));
  try {
    return await entrypointMain(args, { path, emit, compiled });
  } catch (error) {
    const exitCode = emitError(error, emit);
    emitSummary(emit, { done: [], exitCode });
    return exitCode;
  }
}

interface Call {
  /** The program, as it was called. */
  readonly path: string;
  readonly emit: Emit;
  readonly compiled: Compiled;
}

async function entrypointMain(args: readonly string[], { path, emit, compiled }: Call): Promise<number> {
  const [verb, ...rest] = args;
  if (verb === undefined) {
    writeOut(2, await helpOf());
    return EXIT_CODES.usage;
  }
  if (verb === "--help" || verb === "-h") return print(await helpOf());
  if (verb === "--version" || verb === "-v") return print(`${VERSION}\n`);
  if (verb === "--symlink") return printLinks(path);
  if (verb === BACKGROUND_VERB) return (await import("./background.ts")).background(emit);
  const row = Object.hasOwn(VERBS, verb) ? VERBS[verb] : undefined;
  if (row === undefined) throw unknownVerb(verb);
  const flags = readFlags(verb, rest, row.flags);
  if (flags.values["--help"] === true) return print(await helpOf(verb));
  return (RUNS[verb] ?? startApp)(flags, { path, emit, compiled });
}

/** The help of a verb, or of the whole program. */
async function helpOf(verb?: string): Promise<string> {
  const { programHelp, VERB_HELP } = await import("./verb-help.ts");
  return (verb === undefined ? undefined : VERB_HELP[verb]) ?? programHelp();
}

/** What the verbs do that start no app; their code is loaded when they are called. */
const RUNS: Readonly<Record<string, (flags: ParsedFlags, call: Call) => number | Promise<number>>> = {
  lint: async (flags) => (await import("./lint.ts")).lint(flags),
  explain: async (flags) => (await import("./explain.ts")).explain(flags),
  doctor: async (flags) => (await import("./doctor.ts")).doctor(flags),
  health: async (flags) => (await import("./health.ts")).health(flags),
  bake: async (_, { path, compiled }) =>
    (await import("./bake.ts")).bake(compiled, path, (argv) => main(argv, compiled)),
};

function startApp(flags: ParsedFlags, { emit }: Call): Promise<number> {
  return run(flags, emit, openSignalDesk());
}

function print(text: string): number {
  writeOut(1, text);
  return 0;
}

function unknownVerb(verb: string): EntrypointError {
  const isFlag = verb.startsWith("-");
  const message = isFlag
    ? `unknown flag ${verb}: ${suggest(verb, Object.keys(PROGRAM_FLAGS))}`
    : `there is no verb ${JSON.stringify(verb)}: ${suggest(verb, Object.keys(VERBS))}`;
  return new EntrypointError(isFlag ? "ENTRYPOINT_FLAG_UNKNOWN" : "ENTRYPOINT_VERB_UNKNOWN", { message });
}

function isAfterSeparator(args: readonly string[], flag: string): boolean {
  const split = args.indexOf("--");
  return split !== -1 && args.indexOf(flag) > split;
}

function isQuiet(args: readonly string[]): boolean {
  return args.includes("--quiet") && !isAfterSeparator(args, "--quiet");
}
