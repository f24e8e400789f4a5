import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { readOptions, UsageError } from "../../bench/src/options.ts";
import { SECTIONS } from "../../bench/src/page/sections.ts";
import { callsIn, type ShownCall } from "./commands.ts";

const ROOT = join(import.meta.dirname, "../..");

export const PROGRAMS: readonly string[] = ["base-image", "asset-sync", "entrypoint"];

/** What a reference page has below each verb: what the program itself says when it is asked for help. */
const HELP = new Map(
  PROGRAMS.flatMap((program) => {
    const page = readFileSync(join(ROOT, "docs/reference", `${program}.md`), "utf8");
    return page
      .split(/^## /m)
      .slice(1)
      .map((section) => [`${program} ${section.split("\n")[0]}`, section] as const);
  }),
);

const MANIFEST = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
  readonly scripts: Readonly<Record<string, string>>;
};

/** Verbs and flags of a call that its program does not have. */
export function unknownIn({ program, verb, flags }: ShownCall): readonly string[] {
  const help = HELP.get(`${program} ${verb}`);
  if (help === undefined) return [`${program} has no verb ${verb}`];
  return flags
    .filter((flag) => !new RegExp(`${flag}(?![a-z-])`).test(help))
    .map((flag) => `${program} ${verb} has no ${flag}`);
}

/**
 * What is wrong with a command line that calls one of the programs or a script of the workspace: a verb, flag, script, benchmark or
 * file that is not there. One of anything else is wrong too, since nothing here understands it.
 */
export function faultsIn(line: string): readonly string[] {
  const [, script, rest = ""] = /^npx -y pnpm@12 ([a-z:]+)(?: (.*))?$/.exec(line) ?? [];
  if (script !== undefined && script !== "exec") return scriptFaults(script, rest.split(" "));
  const calls = callsIn(line, PROGRAMS);
  if (calls.length === 0) return [`not understood: ${line}`];
  const files = line.split(/[\s=]/).filter((word) => /^(examples|packages|docs)\/.+\.ts$/.test(word));
  const missing = files.filter((file) => !existsSync(join(ROOT, file))).map((file) => `there is no ${file}`);
  return [...calls.flatMap(unknownIn), ...missing];
}

function scriptFaults(script: string, words: readonly string[]): readonly string[] {
  if (MANIFEST.scripts[script] === undefined) return [`the workspace has no script ${script}`];
  if (script !== "bench") return [];
  try {
    readOptions(
      words,
      SECTIONS.map(({ bench }) => bench),
    );
    return [];
  } catch (error) {
    if (error instanceof UsageError) return [error.message];
    throw error;
  }
}
