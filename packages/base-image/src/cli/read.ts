import { readFile } from "node:fs/promises";
import { text as readAll } from "node:stream/consumers";

import type { Command } from "commander";

import type { Finding } from "../dockerfile/finding.ts";
import type { ParsedDockerfile, ParsedLine } from "../dockerfile/parse/parsed.ts";
import { BaseImageError, reasonOf } from "../errors.ts";
import { lint } from "../lint/lint.ts";
import { shellcheckFor, withCheckFlags, type CheckFlags } from "./check.ts";
import { count, printFindings, type ReportedStage } from "./finding-report.ts";
import { printable } from "./output.ts";
import type { AddVerb } from "./verb.ts";

const EXAMPLES = `
Examples:
  base-image read Dockerfile
  base-image read --format sarif Dockerfile > findings.sarif
  git show HEAD:Dockerfile | base-image read -
`;

/** The width an instruction is cut to. */
const WIDTH = 100;

/** `base-image read`: what a Dockerfile written by hand says, and what is wrong with it. */
export const addRead: AddVerb = (program, contextFor) => {
  withCheckFlags(program.command("read <dockerfile>"))
    .description("what a Dockerfile says, and what is wrong with it; - reads the standard input")
    .option("--target <stage>", "the stage that is built (default: the last)")
    .addHelpText("after", EXAMPLES)
    .action(async (path: string, flags: CheckFlags & { readonly target?: string }, command: Command) => {
      const context = contextFor(command);
      const text = await readText(path);
      const { format, pedantic = false, target } = flags;
      const targets = target === undefined ? {} : { targets: [target.toLowerCase()] };
      const shellcheck = await shellcheckFor(context);
      const { parsed, findings, suppressed } = await lint(text, { pedantic, shellcheck, ...targets });
      if (target !== undefined && !parsed.stages.some(({ name }) => name === target.toLowerCase())) {
        const names = parsed.stages.flatMap(({ name }) => name ?? []);
        const message = `${path} has no stage ${JSON.stringify(target)}; it has ${names.join(", ") || "none with a name"}`;
        throw new BaseImageError("BASE_IMAGE_USAGE", message);
      }
      if (format === "text") context.output.result(`${outline(parsed, findings)}\n`);
      const name = path === "-" ? "stdin" : path;
      const stages = stagesOf(parsed);
      const about = { subject: `${name}: ${count(stages.length, "stage")}`, path: name, isDockerfile: true };
      printFindings(context, { ...about, lines: text.split("\n"), stages, findings, suppressed }, format);
    });
};

/** The stages as the summary has them; one without a name has its number. */
export function stagesOf({ stages }: ParsedDockerfile): readonly ReportedStage[] {
  return stages.map(({ name, from, line, instructions }, index) => ({
    name: name ?? String(index),
    base: from,
    line,
    instructions: instructions.map(({ keyword }) => keyword.toUpperCase()),
  }));
}

/** Every instruction with its line, a stage's below its FROM. */
function outline({ globalArgs, stages }: ParsedDockerfile, findings: readonly Finding[]): string {
  const secrets = findings.filter(({ code }) => code.includes("secret")).map(({ line }) => line);
  const shown = (line: ParsedLine, indent: string): string => {
    const { line: from, endLine } = line.place;
    const hidden = secrets.some((each) => each >= from && each <= endLine);
    return row(from, `${indent}${hidden ? `${line.keyword} …` : line.text}`);
  };
  const rows = [
    ...globalArgs.map((line) => shown(line, "")),
    ...stages.flatMap((stage) => [shown(stage, ""), ...stage.instructions.map((line) => shown(line, "  "))]),
  ];
  return rows.map((each) => `${each}\n`).join("");
}

function row(line: number, text: string): string {
  const words = printable(text.replaceAll(/(?<=\S)\s+/g, " ").trimEnd());
  return `${String(line).padStart(4)}  ${words.length > WIDTH ? `${words.slice(0, WIDTH - 1)}…` : words}`;
}

async function readText(path: string): Promise<string> {
  try {
    return path === "-" ? await readAll(process.stdin) : await readFile(path, "utf8");
  } catch (error) {
    const message = `${path} cannot be read: ${reasonOf(error)}`;
    throw new BaseImageError("BASE_IMAGE_FILE_UNREADABLE", message, { cause: error });
  }
}
