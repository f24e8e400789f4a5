import { checkGraph, type Finding } from "../stage/graph.ts";
import { renderDockerfile, type RenderedDockerfile } from "../stage/dockerfile.ts";
import type { ImageDefinition } from "../stage/image.ts";
import type { Failure } from "./failure.ts";
import { coloured } from "./output.ts";
import { definitionFor, type AddVerb, type VerbContext } from "./verb.ts";

/** `base-image check`: findings about the definition. */
export const addCheck: AddVerb = (program, contextFor) => {
  program
    .command("check")
    .description("what is wrong with the definition; exit 1 when something is")
    .addHelpText("after", "\nExample:\n  base-image check --json\n")
    .action(async (_flags: object, command) => {
      const context = contextFor(command);
      const { definition } = await definitionFor(context);
      const findings = checkGraph(definition);
      const errors = findings.filter(({ severity }) => severity === "error").length;
      const rendered = errors === 0 ? renderDockerfile(definition) : undefined;
      report(context, definition, findings, rendered);
      const first = findings.find(({ severity }) => severity === "error");
      if (first !== undefined) throw new FindingsError(first);
    });
};

/** Ends the program with 1 when the findings have been printed already; `failure` is the first of them. */
export class FindingsError extends Error {
  readonly failure: Failure;

  constructor({ code, message, hint }: Finding) {
    super(message);
    this.failure = { code, message, hint, exitCode: 1 };
  }
}

function report(
  context: VerbContext,
  definition: ImageDefinition,
  findings: readonly Finding[],
  rendered: RenderedDockerfile | undefined,
): void {
  const lineOf = (stage: string): number => rendered?.stages.find(({ name }) => name === stage)?.line ?? 0;
  for (const { severity, message, hint, code } of findings) {
    const word = coloured(severity === "error" ? "red" : "yellow", severity);
    context.output.result(`${word} ${message}\n  ${hint}\n  [${code}]\n`);
  }
  const found = findings.length === 0 ? "no findings" : count(findings.length, "finding");
  context.output.result(`${definition.name}: ${count(definition.stages.length, "stage")}, ${found}\n`);
  context.output.summary({
    stages: rendered?.stages ?? [],
    findings: findings.map(({ stage, ...finding }) => ({
      ...finding,
      line: lineOf(stage),
      column: lineOf(stage) === 0 ? 0 : 1,
    })),
  });
}

/** `1 stage`, `2 stages`. */
function count(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? "" : "s"}`;
}
