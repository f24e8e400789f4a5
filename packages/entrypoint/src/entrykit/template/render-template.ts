import { Evaluation, type Budget } from "./evaluate.ts";
import { realFiles, type TemplateFiles } from "./files.ts";
import { FUNCTIONS, refusalOf } from "./functions.ts";
import { FunctionFailure, type InnerTemplate, type TemplateContext } from "./function-table.ts";
import { DEEPEST_INCLUDE } from "./limits.ts";
import { parseTemplate } from "./parse-template.ts";
import type { TemplateSource } from "./position.ts";
import type { Value } from "./value.ts";

/** What a template is rendered with. */
export interface RenderOptions {
  readonly env: Readonly<NodeJS.ProcessEnv>;
  /** A variable that is not set and has no default is an error; an empty text, as with Sigil, when not given. */
  readonly strict?: boolean;
  /** Files as they are found with these folders searched after the working directory; the real ones when not given. */
  readonly files?: (folders: readonly string[]) => TemplateFiles;
}

/**
 * Renders a template in Sigil's language, which is that of Go's text/template with functions for the environment, texts,
 * lists, files and JSON.
 * @throws TemplateError with the place, when the template is wrong or a function fails
 */
export function renderTemplate(name: string, text: string, options: RenderOptions): string {
  return renderInner({ name, text }, { ...options, folders: [], variables: [], budget: { steps: 0 }, depth: 0 });
}

interface Surroundings extends RenderOptions {
  readonly folders: readonly string[];
  readonly variables: readonly (readonly [string, Value])[];
  readonly budget: Budget;
  readonly depth: number;
}

function renderInner(template: InnerTemplate, around: Surroundings): string {
  if (around.depth > DEEPEST_INCLUDE) throw new FunctionFailure("templates include each other without an end");
  const source: TemplateSource = { ...template, delimiters: delimitersOf(around.env) };
  const variables = around.variables.filter(([name]) => /^[\p{L}\p{N}_]+$/u.test(name));
  const names = variables.map(([name]) => `$${name}`);
  const parsed = parseTemplate(source, { refusal: refusalOf, variables: names });
  const context: TemplateContext = {
    env: around.env,
    strict: around.strict === true,
    files: (around.files ?? realFiles)(around.folders),
    render: (inner, given) => renderInner(inner, within(around, inner, given)),
  };
  return new Evaluation(source, parsed, { functions: FUNCTIONS, context, budget: around.budget }).run(variables);
}

/** The variables an included template gets are in its environment too, as with Sigil. */
function within(around: Surroundings, inner: InnerTemplate, variables: Surroundings["variables"]): Surroundings {
  const texts = variables.filter((entry): entry is readonly [string, string] => typeof entry[1] === "string");
  return {
    ...around,
    env: { ...around.env, ...Object.fromEntries(texts) },
    folders: inner.folder === undefined ? around.folders : [inner.folder, ...around.folders],
    variables,
    depth: around.depth + 1,
  };
}

function delimitersOf(env: Readonly<NodeJS.ProcessEnv>): readonly [string, string] {
  const { SIGIL_LEFT_DELIM: open, SIGIL_RIGHT_DELIM: close } = env;
  return [open === undefined || open === "" ? "{{" : open, close === undefined || close === "" ? "}}" : close];
}
