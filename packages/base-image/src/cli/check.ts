import { Option, type Command } from "commander";
import { relative } from "node:path";

import { findShellCheck, type ShellCheck } from "../lint/shellcheck.ts";
import { lintDefinition } from "../lint/lint-definition.ts";
import { count, FORMATS, printFindings, type Format } from "./finding-report.ts";
import { definitionFor, type AddVerb, type VerbContext } from "./verb.ts";

/** What `check` and `read` are told. */
export interface CheckFlags {
  readonly format: Format;
  readonly pedantic?: boolean;
}

const EXAMPLES = `
Examples:
  base-image check
  base-image check --format github
`;

/** `base-image check`: what is wrong with the definition. */
export const addCheck: AddVerb = (program, contextFor) => {
  withCheckFlags(program.command("check"))
    .description("what is wrong with the definition; exit 1 when something is")
    .addHelpText("after", EXAMPLES)
    .action(async (flags: CheckFlags, command: Command) => {
      const context = contextFor(command);
      const { definition, file } = await definitionFor(context);
      const { pedantic = false } = flags;
      const report = await lintDefinition(definition, { pedantic, shellcheck: await shellcheckFor(context) });
      const subject = `${definition.name}: ${count(definition.stages.length, "stage")}`;
      const about = { subject, path: relative(process.cwd(), file), isDockerfile: false };
      printFindings(context, { ...about, ...report }, flags.format);
    });
};

/** Adds the flags that say what is looked for, and how it is printed. */
export function withCheckFlags(command: Command): Command {
  return command
    .addOption(new Option("--format <format>", "how findings are printed").choices(FORMATS).default(FORMATS[0]))
    .option("--pedantic", "also what teams differ about");
}

/** ShellCheck where it is installed; says it where it is not. */
export async function shellcheckFor(context: VerbContext): Promise<ShellCheck | undefined> {
  const warn = (text: string): void => {
    context.output.say(`${text}\n`);
    context.output.event({ type: "warning", text });
  };
  const found = await findShellCheck(context.signal, warn);
  if (found === undefined) {
    warn("ShellCheck is not installed, so the text of RUN was only looked at by the rules of base-image");
  }
  return found;
}
