import { symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execPath } from "node:process";

import type { BootPeer } from "./boot-peers.ts";
import { programFolder, type ProgramFolder } from "./boot-program.ts";
import type { Programs } from "./programs.ts";
import { startOnce } from "./start-once.ts";

/** A way to start an app. */
export interface Starter {
  readonly name: string;
  /** The whole command line for an app's. */
  readonly before: (...app: readonly string[]) => readonly string[];
  readonly peer?: BootPeer;
}

/** What stands before an app without Node: nothing, a shell, an init that is told it need not be PID 1. */
const INITS: readonly Starter[] = [
  { name: "direct exec", before: (...app) => app },
  { name: "sh -c exec", before: (...app) => ["sh", "-c", 'exec "$@"', "sh", ...app] },
  { name: "tini", before: (...app) => ["tini", "-s", "--", ...app], peer: "tini" },
  { name: "dumb-init", before: (...app) => ["dumb-init", "--", ...app], peer: "dumb-init" },
];

/** Those of {@link INITS} that are installed here. */
export function initsHere(programs: Programs<BootPeer>): readonly Starter[] {
  return INITS.filter(({ peer }) => peer === undefined || programs.has(peer));
}

/** A folder with the program, baked, and a definition without tasks; the starters are to be run in it. */
export function ownStarters(): ProgramFolder & { readonly starters: readonly Starter[] } {
  const folder = programFolder();
  const { path, program } = folder;
  writeFileSync(join(path, "entrypoint.json"), '{ "tasks": [] }');
  symlinkSync(program, join(path, "prehook"));
  startOnce([execPath, program, "bake"], path);
  const starters: readonly Starter[] = [
    { name: "run, empty definition", before: (...app) => [execPath, program, "run", "--quiet", "--", ...app] },
    { name: 'prehook "true"', before: (...app) => [execPath, join(path, "prehook"), "true", "--", ...app] },
  ];
  return { ...folder, starters, [Symbol.dispose]: () => folder[Symbol.dispose]() };
}
