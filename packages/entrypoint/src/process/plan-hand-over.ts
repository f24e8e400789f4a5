import { basename } from "node:path";

import type { ExitCodeMap } from "./exit-codes.ts";
import { isInPath, searchPathOf } from "./find-program.ts";

/** How this process becomes the app. */
export interface HandOverPlan {
  /** The whole command line, with `tini --` before it where that is needed. */
  readonly command: readonly string[];
  /** `parent`: this process stays and runs the app as its child. */
  readonly via: "direct" | "tini" | "parent";
  /** Exit codes of the app that become others. tini does it where it is there and all of them become 0. */
  readonly exitCodes: Readonly<Record<string, number>>;
  /** This process is PID 1 and nothing that reaps zombies takes its place. */
  readonly withoutInit: boolean;
}

/** What there is to plan with. */
export interface HandOverFacts {
  readonly pid: number;
  readonly tiniInPath: boolean;
  readonly exitCodes: ExitCodeMap;
}

/** Programs that are at home as PID 1. */
export const INITS: ReadonlySet<string> = new Set([
  "tini",
  "tini-static",
  "docker-init",
  "dumb-init",
  "catatonit",
  "init",
]);

/** Decides what has to come between this process and the app: tini before PID 1, and somebody who turns exit codes into others. */
export function planHandOver(command: readonly string[], { pid, tiniInPath, exitCodes }: HandOverFacts): HandOverPlan {
  const isInit = INITS.has(basename(command[0] ?? ""));
  const needsInit = pid === 1 && !isInit;
  const codes = Object.fromEntries(exitCodes);
  const toZero = [...exitCodes].filter(([, to]) => to === 0).map(([from]) => from);
  const tiniMaps = tiniInPath && toZero.length === exitCodes.size;
  if (exitCodes.size > 0 && !tiniMaps) return { command, via: "parent", exitCodes: codes, withoutInit: needsInit };
  if ((!needsInit && exitCodes.size === 0) || !tiniInPath) {
    return { command, via: "direct", exitCodes: codes, withoutInit: needsInit };
  }
  // Not as PID 1, tini takes orphans to itself when it is asked to.
  const subreaper = pid === 1 ? [] : ["-s"];
  const flags = [...subreaper, ...toZero.flatMap((code) => ["-e", String(code)])];
  return { command: ["tini", ...flags, "--", ...command], via: "tini", exitCodes: codes, withoutInit: false };
}

/** {@link planHandOver} for this process. */
export function planOwnHandOver(
  command: readonly string[],
  env: NodeJS.ProcessEnv,
  exitCodes: ExitCodeMap = new Map(),
): HandOverPlan {
  const tiniInPath = (process.pid === 1 || exitCodes.size > 0) && isInPath("tini", searchPathOf(env));
  return planHandOver(command, { pid: process.pid, tiniInPath, exitCodes });
}

/** Whether a process that stays needs tini above it, and whether there is one. */
export function ownInit(env: NodeJS.ProcessEnv): "not-needed" | "tini" | "none" {
  if (process.pid !== 1) return "not-needed";
  return isInPath("tini", searchPathOf(env)) ? "tini" : "none";
}
