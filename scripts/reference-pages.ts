import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

import { VERB_HELP } from "../packages/entrypoint/src/cli/verb-help.ts";
import { ROOT } from "./run-command.ts";

const run = promisify(execFile);
const FOLDER = "docs/reference";

interface VerbHelp {
  readonly verb: string;
  readonly help: string;
}

/** The page of every program, by path: its verbs with what they say of themselves when asked for help. */
export function referencePages(): Readonly<Record<string, () => Promise<string>>> {
  return {
    [`${FOLDER}/base-image.md`]: async () => page("base-image", await commanderHelp("base-image")),
    [`${FOLDER}/asset-sync.md`]: async () => page("asset-sync", await commanderHelp("asset-sync")),
    [`${FOLDER}/entrypoint.md`]: async () => page("entrypoint", entrypointHelp()),
  };
}

function page(program: string, verbs: readonly VerbHelp[]): string {
  const contents = verbs.map(({ verb }) => `[${verb}](#${verb})`).join(", ");
  const sections = verbs.map(({ verb, help }) => `## ${verb}\n\n\`\`\`text\n${help.trim()}\n\`\`\`\n`);
  return [
    `# ${program}: every verb`,
    "",
    `What \`${program} VERB --help\` prints: ${contents}. How they belong together: [the README](../../packages/${program}/README.md).`,
    "Errors, their exit codes and remedies: [errors](../errors.md).",
    "",
    ...sections,
  ].join("\n");
}

function entrypointHelp(): readonly VerbHelp[] {
  return Object.entries(VERB_HELP).map(([verb, help]) => ({ verb, help }));
}

async function commanderHelp(program: string): Promise<readonly VerbHelp[]> {
  const [, commands = ""] = (await askHelp(program)).split("\nCommands:\n");
  const verbs = [...commands.matchAll(/^ {2}([a-z-]+) /gm)].map(([, verb = ""]) => verb);
  return Promise.all(
    verbs.filter((verb) => verb !== "help").map(async (verb) => ({ verb, help: await askHelp(program, verb) })),
  );
}

/** Asked in a process without a terminal, whose width would be the page's. */
async function askHelp(program: string, ...verb: readonly string[]): Promise<string> {
  const main = join(ROOT, "packages", program, "src/cli/main.ts");
  const { stdout } = await run(process.execPath, ["--conditions=source", main, ...verb, "--help"]);
  return stdout;
}
