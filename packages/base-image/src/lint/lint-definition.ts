import type { Finding } from "../dockerfile/finding.ts";
import { nearest } from "../dockerfile/known-keys.ts";
import { BaseImageError } from "../errors.ts";
import { renderDockerfile, type RenderedStage } from "../stage/dockerfile.ts";
import { checkGraph, isRefusal, stagesFor, type Finding as GraphFinding } from "../stage/graph.ts";
import type { ImageDefinition } from "../stage/image.ts";
import { KNOWN_CODES, lint, type LintOptions } from "./lint.ts";

/** What is to say about a definition. */
export interface DefinitionReport {
  /** The Dockerfile it gives, which lines and columns are of; nothing where its stages do not fit together. */
  readonly lines: readonly string[];
  readonly stages: readonly RenderedStage[];
  readonly findings: readonly Finding[];
  readonly suppressed: number;
}

/**
 * Says what is wrong with a definition: its stages first, and where these fit together, the Dockerfile that it gives. Every
 * variant counts as what is built.
 * @throws BaseImageError when its `lint.ignore` names a rule that there is not
 */
export async function lintDefinition(
  definition: ImageDefinition,
  options: Pick<LintOptions, "pedantic" | "shellcheck"> = {},
): Promise<DefinitionReport> {
  const ignore = definition.lint?.ignore ?? {};
  assertRules(Object.keys(ignore), definition.name);
  const graph = checkGraph(definition);
  const refusals = graph.filter(isRefusal);
  if (refusals.length > 0) return { lines: [], stages: [], findings: refusals.map(withoutPlace), suppressed: 0 };
  const { text, stages } = renderDockerfile(definition);
  const targets = Object.values(definition.variants).map(({ name }) => name);
  const rendered = new Set(stages.map(({ name }) => name));
  const elsewhere = graph.filter(({ stage }) => !rendered.has(stage)).map(withoutPlace);
  const { findings, suppressed } = await lint(text, { ...options, targets, ignore, elsewhere });
  const places = placesOf(stages, definition);
  const named = findings.map((finding) => ({ ...finding, message: withStage(finding, places) }));
  return { lines: text.split("\n"), stages, findings: named, suppressed };
}

function withoutPlace({ code, kind, severity, message, hint }: GraphFinding): Finding {
  return { code, kind, severity, line: 0, column: 0, message, hint };
}

function assertRules(codes: readonly string[], name: string): void {
  for (const code of codes) {
    if (KNOWN_CODES.includes(code) || /^SC\d{4}$/.test(code)) continue;
    const near = nearest(code, KNOWN_CODES);
    const hint = near === undefined ? {} : { hint: `Did you mean ${near}?` };
    throw new BaseImageError("BASE_IMAGE_UNKNOWN_RULE", `lint.ignore of ${name} names a rule ${code}`, hint);
  }
}

/** A stage of the Dockerfile as a message names it, with the variants that need it. */
interface Place {
  readonly line: number;
  readonly words: string;
}

/** All stages by their first lines, looked up once: a definition of a thousand stages may have as many findings. */
function placesOf(stages: readonly RenderedStage[], { variants, stages: listed }: ImageDefinition): readonly Place[] {
  const needing = new Map<string, string[]>(stages.map(({ name }) => [name, []]));
  for (const [variant, target] of Object.entries(variants)) {
    for (const { name } of stagesFor([target], listed)) needing.get(name)?.push(variant);
  }
  return stages.map(({ line, name }) => {
    return { line, words: `stage ${name} (variant ${(needing.get(name) ?? []).join(", ")})` };
  });
}

function withStage({ line, message }: Finding, places: readonly Place[]): string {
  const place = places.findLast((each) => each.line <= line);
  return place === undefined ? message : `${place.words}: ${message}`;
}
