import { basename } from "node:path";

import { EntrypointError, messageOf } from "../errors.ts";
import { exitCodeOf } from "./exit-codes.ts";
import { checkWords } from "./argument-space.ts";
import { findProgram, isInPath, searchPathOf, type Program } from "./find-program.ts";
import { throughShell } from "./open-files.ts";
import { openSignalDesk, type SignalDesk } from "./signal-desk.ts";
import { IGNORED_BY_NODE } from "./signals.ts";

/** How this process becomes the app. */
export interface HandOverPlan {
  /** The whole command line, with `tini --` before it where that is needed. */
  readonly command: readonly string[];
  readonly via: "direct" | "tini";
  /** This process is PID 1 and nothing that reaps zombies takes its place. */
  readonly withoutInit: boolean;
}

/** Programs that are at home as PID 1. */
const INITS: ReadonlySet<string> = new Set(["tini", "tini-static", "docker-init", "dumb-init", "catatonit", "init"]);

/** Decides whether tini has to come between PID 1 and the app. */
export function planHandOver(command: readonly string[], pid: number, tiniInPath: boolean): HandOverPlan {
  const isInit = INITS.has(basename(command[0] ?? ""));
  if (pid !== 1 || isInit) return { command, via: "direct", withoutInit: false };
  if (tiniInPath) return { command: ["tini", "--", ...command], via: "tini", withoutInit: false };
  return { command, via: "direct", withoutInit: true };
}

/** {@link planHandOver} for this process. */
export function planOwnHandOver(command: readonly string[], env: NodeJS.ProcessEnv): HandOverPlan {
  return planHandOver(command, process.pid, process.pid === 1 && isInPath("tini", searchPathOf(env)));
}

/** What {@link handOver} needs beside the plan. */
export interface HandOverContext {
  readonly env: NodeJS.ProcessEnv;
  readonly desk: SignalDesk;
  /** A soft limit of open files that still has to be set on the way. */
  readonly softLimit?: string | undefined;
  /** Called when nothing can stop the hand-over any more but a signal. */
  readonly beforeLeaving?: () => void;
}

/**
 * Becomes the command: same PID, working directory, umask and environment; every signal at its default and none
 * blocked; blocking standard streams. Returns only by throwing.
 * @throws EntrypointError 126 or 127 when the program cannot be executed; the desk's error when a signal came before
 */
export async function handOver(plan: HandOverPlan, context: HandOverContext): Promise<never> {
  const path = searchPathOf(context.env);
  // tini would start and only then fail to find the app: the app is looked for first.
  if (plan.via === "tini") findProgram(plan.command[2] ?? "", path);
  const target = resolveTarget(plan.command, path);
  const { program, rest } =
    context.softLimit === undefined ? target : behindShell(context.softLimit, plan, context.env);
  const argv = [...program.head, ...rest];
  checkWords({ argv, env: context.env });
  context.beforeLeaving?.();
  await context.desk.close();
  if (typeof process.execve !== "function") return stayAsParent(program, argv, context);
  for (const signal of IGNORED_BY_NODE) process.on(signal, () => undefined);
  try {
    return process.execve(program.file, argv, definedOnly(context.env));
  } catch (cause) {
    throw new EntrypointError("ENTRYPOINT_PROGRAM_NOT_EXECUTABLE", {
      message: `${program.file}: cannot be executed: ${messageOf(cause)}`,
      cause,
    });
  }
}

interface Target {
  readonly program: Program;
  readonly rest: readonly string[];
}

function resolveTarget(command: readonly string[], path: string): Target {
  const [name = "", ...rest] = command;
  return { program: findProgram(name, path), rest };
}

function behindShell(softLimit: string, plan: HandOverPlan, env: NodeJS.ProcessEnv): Target {
  return resolveTarget(throughShell(softLimit, plan.command, env["PWD"]), searchPathOf(env));
}

function definedOnly(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/** Where Node has no `execve` the app runs as a child: signals are passed on and its exit code becomes ours. */
async function stayAsParent(program: Program, argv: readonly string[], context: HandOverContext): Promise<never> {
  const { spawn } = await import("node:child_process");
  const desk = openSignalDesk();
  const [argv0 = program.file, ...rest] = argv;
  const child = spawn(program.file, rest, { argv0, env: context.env, stdio: "inherit" });
  desk.forward((row) => child.kill(row.signal));
  return new Promise((_, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => process.exit(exitCodeOf(code, signal)));
  });
}
