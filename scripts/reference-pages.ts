import { PassThrough } from "node:stream";

import { run as runAssetSync } from "../packages/asset-sync/src/cli/run.ts";
import { runProgram as runBaseImage } from "../packages/base-image/src/cli/program.ts";
import { VERB_HELP } from "../packages/entrypoint/src/cli/verb-help.ts";

const FOLDER = "docs/reference";

// commander wraps help at the width of a terminal; a page has one of its own.
process.stdout.columns = 80;

interface VerbHelp {
  readonly verb: string;
  readonly help: string;
}

/** The page of every program, by path: its verbs with what they say of themselves when asked for help. */
export function referencePages(): Readonly<Record<string, () => Promise<string>>> {
  return {
    [`${FOLDER}/base-image.md`]: async () => page("base-image", await commanderHelp(askBaseImage)),
    [`${FOLDER}/asset-sync.md`]: async () => page("asset-sync", await commanderHelp(askAssetSync)),
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

const never = new AbortController().signal;

function askBaseImage(words: readonly string[], output: PassThrough): Promise<number> {
  return runBaseImage(words, { stdout: output, stderr: output }, never);
}

function askAssetSync(words: readonly string[], output: PassThrough): Promise<number> {
  return runAssetSync(words, { stdout: output, stderr: output, environment: {}, directory: "." }, never);
}

function entrypointHelp(): readonly VerbHelp[] {
  return Object.entries(VERB_HELP).map(([verb, help]) => ({ verb, help }));
}

async function commanderHelp(ask: (words: readonly string[], output: PassThrough) => Promise<unknown>) {
  const asked = async (...words: readonly string[]): Promise<string> => {
    const output = new PassThrough();
    await ask([...words, "--help"], output);
    return String(output.read());
  };
  const [, commands = ""] = (await asked()).split("\nCommands:\n");
  const verbs = [...commands.matchAll(/^ {2}([a-z-]+) /gm)].map(([, verb = ""]) => verb);
  const pages: VerbHelp[] = [];
  for (const verb of verbs.filter((name) => name !== "help")) pages.push({ verb, help: await asked(verb) });
  return pages;
}
