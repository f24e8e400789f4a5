import { basename } from "node:path";

import { emitError, emitSummary } from "../boot/ending.ts";
import { suggest } from "../boot/spelling.ts";
import { isEntrykitName } from "../entrykit/names.ts";
import { EntrypointError } from "../errors.ts";
import type { Emit } from "../events.ts";
import { EXIT_CODES } from "../process/exit-codes.ts";
import { printOut, writeOut } from "../process/output.ts";
import { openSignalDesk } from "../process/signal-desk.ts";
import { replaceStandardError } from "../process/standard-error.ts";
import type { CompiledForm } from "./bake.ts";
import { readFlags, type ParsedFlags } from "./flags.ts";
import { jsonReport, textReport } from "./report.ts";
import { BACKGROUND_VERB, PROGRAM_FLAGS, VERBS } from "./verbs.ts";
import { VERSION } from "./version.ts";

/** Runs the program for an argv as Node gives it. Resolves to the exit code when nothing was handed over to. */
export async function main(argv: readonly string[], forms: readonly CompiledForm[]): Promise<number> {
  const [, path = "entrypoint", ...args] = argv;
  const name = basename(path);
  // What Node warns of is for the developers of this program.
  process.removeAllListeners("warning");
  replaceStandardError();
  if (isEntrykitName(name)) return (await import("./entrykit.ts")).entrykitMain(name, args, path);
  const own = beforeSeparator(args);
  const emit = own.includes("--json") ? jsonReport() : textReport(own.includes("--quiet"));
  try {
    return await entrypointMain(args, { path, emit, forms });
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
  readonly forms: readonly CompiledForm[];
}

async function entrypointMain(args: readonly string[], { path, emit, forms }: Call): Promise<number> {
  const [verb, ...rest] = args;
  if (verb === undefined) {
    writeOut(2, await helpOf());
    return EXIT_CODES.usage;
  }
  const word = Object.hasOwn(WORDS, verb) ? WORDS[verb] : undefined;
  if (word !== undefined) return word({ path, emit, forms });
  const row = Object.hasOwn(VERBS, verb) ? VERBS[verb] : undefined;
  if (row === undefined) throw unknownVerb(verb);
  const flags = readFlags(verb, rest, row.flags);
  if (flags.values["--help"] === true) return printOut(await helpOf(verb));
  return (RUNS[verb] ?? startApp)(flags, { path, emit, forms });
}

/** The help of a verb, or of the whole program. */
async function helpOf(verb?: string): Promise<string> {
  const { programHelp, VERB_HELP } = await import("./verb-help.ts");
  return (verb === undefined ? undefined : VERB_HELP[verb]) ?? programHelp();
}

const help = async (): Promise<number> => printOut(await helpOf());
const version = (): number => printOut(`${VERSION}\n`);

/** Words in the place of a verb, which look at nothing that follows. */
const WORDS: Readonly<Record<string, (call: Call) => number | Promise<number>>> = {
  "--help": help,
  "-h": help,
  "--version": version,
  "-v": version,
  "--symlink": async ({ path }) => printOut((await import("./entrykit.ts")).madeLinks(path)),
  [BACKGROUND_VERB]: async ({ emit }) => (await import("./background.ts")).background(emit),
};

/** What the verbs do that start no app; their code is loaded when they are called. */
const RUNS: Readonly<Record<string, (flags: ParsedFlags, call: Call) => number | Promise<number>>> = {
  lint: async (flags) => (await import("./lint.ts")).lint(flags),
  explain: async (flags) => (await import("./explain.ts")).explain(flags),
  doctor: async (flags) => (await import("./doctor.ts")).doctor(flags),
  health: async (flags) => (await import("./health.ts")).health(flags),
  bake: async (_, { path, forms }) => (await import("./bake.ts")).bake(forms, path, (argv) => main(argv, forms)),
};

async function startApp(flags: ParsedFlags, { emit }: Call): Promise<number> {
  const desk = openSignalDesk();
  return (await import("./run.ts")).run(flags, emit, desk);
}

function unknownVerb(verb: string): EntrypointError {
  const isFlag = verb.startsWith("-");
  const message = isFlag
    ? `unknown flag ${verb}: ${suggest(verb, Object.keys(PROGRAM_FLAGS))}`
    : `there is no verb ${JSON.stringify(verb)}: ${suggest(verb, Object.keys(VERBS))}`;
  return new EntrypointError(isFlag ? "ENTRYPOINT_FLAG_UNKNOWN" : "ENTRYPOINT_VERB_UNKNOWN", { message });
}

function beforeSeparator(args: readonly string[]): readonly string[] {
  const split = args.indexOf("--");
  return split === -1 ? args : args.slice(0, split);
}
