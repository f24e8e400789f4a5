import { EntrypointError, messageOf } from "../errors.ts";
import { checkWords } from "./argument-space.ts";
import { makeStreamsBlocking } from "./blocking-streams.ts";
import { isExecutable } from "./executable.ts";
import { findProgram, searchPathOf, type Program } from "./find-program.ts";
import { throughShell } from "./open-files.ts";
import { planHandOver, type HandOverPlan } from "./plan-hand-over.ts";
import type { SignalDesk } from "./signal-desk.ts";
import { IGNORED_BY_NODE } from "./signals.ts";

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
 * blocked; blocking standard streams.
 * @returns only where this process stays as the parent: the exit code
 * @throws EntrypointError 126 or 127 when the program cannot be executed; the desk's error when a signal came before
 */
export async function handOver(plan: HandOverPlan, given: HandOverContext): Promise<number> {
  // A copy: each look at Node's own environment goes to the C library.
  const env = definedOnly(given.env);
  const context = { ...given, env };
  if (plan.via === "tini" || context.softLimit !== undefined) checkApp(plan, env);
  const target = resolveTarget(plan.command, searchPathOf(env));
  const own = context.softLimit === undefined ? target : behindShell(context.softLimit, plan, env);
  // What env adds is within what the space has in reserve, and messages name the app.
  checkWords({ argv: [...own.program.head, ...own.rest], env });
  const isThrough = plan.via === "direct" && !staysAsParent(plan);
  const { program, rest, env: first } = isThrough ? throughEnv(own, env) : { ...own, env };
  const argv = [...program.head, ...rest];
  context.beforeLeaving?.();
  if (staysAsParent(plan) || typeof process.execve !== "function") {
    const { stayAsParent } = await import("./stay-as-parent.ts");
    return stayAsParent({ file: program.file, argv, exitCodes: plan.exitCodes }, context);
  }
  await makeStreamsBlocking();
  await context.desk.close();
  for (const signal of IGNORED_BY_NODE) process.on(signal, () => undefined);
  try {
    return process.execve(program.file, argv, first);
  } catch (cause) {
    throw new EntrypointError("ENTRYPOINT_PROGRAM_NOT_EXECUTABLE", {
      message: `${program.file}: cannot be executed: ${messageOf(cause)}`,
      cause,
    });
  }
}

/** Whether this process has to stay: it turns exit codes into others, or its Node has no `execve`. */
export function staysAsParent({ via }: HandOverPlan): boolean {
  return via === "parent" || typeof process.execve !== "function";
}

/**
 * Looks whether the app can be executed. tini would start and only then fail to find it.
 * @throws EntrypointError 126 or 127
 */
export function checkApp({ command, via }: HandOverPlan, env: NodeJS.ProcessEnv): void {
  const at = via === "tini" ? command.indexOf("--") + 1 : 0;
  findProgram(command[at] ?? "", searchPathOf(env));
}

interface Target {
  readonly program: Program;
  readonly rest: readonly string[];
}

/** With the environment that it begins with. */
interface Executed extends Target {
  readonly env: Readonly<Record<string, string>>;
}

function resolveTarget(command: readonly string[], path: string): Target {
  const [name = "", ...rest] = command;
  return { program: findProgram(name, path), rest };
}

function behindShell(softLimit: string, plan: HandOverPlan, env: NodeJS.ProcessEnv): Target {
  return resolveTarget(throughShell(softLimit, plan.command, env["PWD"]), searchPathOf(env));
}

const ENV = "/usr/bin/env";

/** From here on `execve` throws what the kernel refuses; before, Node aborts. */
const EXECVE_THROWS = 26;

/**
 * Some refusals show only when the kernel is asked: capabilities of the file that the container may not have, a file that
 * is being written. So that they end with 126 and a message, not with Node's abort, `env` asks it on the way to the program.
 * It is left out where it would not start the very same: it takes a name with `=` for a variable and `-` for an option, and
 * looks elsewhere when there is no PATH.
 *
 * `env` puts back what it is started without: a locale's files and a library that is loaded before all others, such as
 * jemalloc, take half a millisecond.
 */
function throughEnv(target: Target, env: Readonly<Record<string, string>>): Executed {
  const { program, rest } = target;
  const [name = ""] = program.head;
  const sameProgram = !name.includes("=") && name !== "-" && (name.includes("/") || env["PATH"] !== undefined);
  const throws = Number.parseInt(process.versions.node, 10) >= EXECVE_THROWS;
  if (throws || !sameProgram || !isExecutable(ENV)) return { ...target, env };
  const { LC_ALL, LD_PRELOAD, ...light } = env;
  const unset = LC_ALL === undefined ? ["-u", "LC_ALL"] : [];
  const set = Object.entries({ LC_ALL, LD_PRELOAD }).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}=${value}`],
  );
  const head = ["env", ...unset, "--", ...set, ...program.head];
  return { program: { file: ENV, head }, rest, env: { ...light, LC_ALL: "C" } };
}

function definedOnly(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/** As PID 1 with tini in the image: becomes tini with this very program, its arguments and its environment, below. */
export async function startBelowTini(context: HandOverContext): Promise<number> {
  const self = [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  return handOver(planHandOver(self, { pid: 1, tiniInPath: true, exitCodes: new Map() }), context);
}
