import { EntrypointError } from "../errors.ts";
import { readDefinition, type Definition } from "./definition.ts";
import { DEFINITION_RULES, type Written } from "./definition-rules.ts";
import { variablesOf } from "./interpolate.ts";
import { parseJson } from "./parse-json.ts";

/** A trap in a definition. */
export interface DefinitionFinding {
  /** `definition/` and the id of the rule. */
  readonly code: string;
  readonly severity: "error" | "warning";
  /** Where it stands; empty where the message says so. */
  readonly path: string;
  readonly message: string;
  readonly hint: string;
}

/**
 * What is wrong or not as it reads in a definition. Nothing else is read: variables that are not set here stand for
 * something that fits, as an image's build does not have those of its containers.
 */
export function lintDefinition(text: string, env: Readonly<NodeJS.ProcessEnv>): readonly DefinitionFinding[] {
  let written: unknown;
  try {
    written = parseJson(text);
  } catch (error) {
    if (error instanceof EntrypointError) return [refusal(error, [])];
    const hint = "Mend the file at that place.";
    return [{ code: "definition/syntax", severity: "error", path: "", message: String(error), hint }];
  }
  const unset = unsetVariables(text, env);
  const standIns = Object.fromEntries(unset.map((name) => [name, `secretsmanager:${name}`]));
  try {
    return lintValid(readDefinition(written, { ...env, ...standIns }, { read: anyProcfile }), written as Written);
  } catch (error) {
    if (!(error instanceof EntrypointError)) throw error;
    return [refusal(error, unset)];
  }
}

/** A Procfile is not looked at: it stands elsewhere where an image is built. */
function anyProcfile(): string {
  return "web: true\n";
}

function unsetVariables(text: string, env: Readonly<NodeJS.ProcessEnv>): readonly string[] {
  const named = variablesOf(text).map((variable) => variable.slice(2, -1));
  return [...new Set([...named, "DATABASE_URL"])].filter((name) => (env[name] ?? "") === "");
}

/** What only a variable's value decides is no error before it has one. */
function refusal(error: EntrypointError, unset: readonly string[]): DefinitionFinding {
  const missing = unset.find((name) => error.message.includes(`\${${name}}`));
  if (missing === undefined) {
    return { code: "definition/invalid", severity: "error", path: "", message: error.message, hint: error.hint };
  }
  const [path = ""] = error.message.split(": ");
  return {
    code: "definition/variable-unset",
    severity: "warning",
    path,
    message: `${missing} is not set here, so neither this nor what follows can be looked at`,
    hint: `Set ${missing} for lint, too.`,
  };
}

function lintValid(definition: Definition, written: Written): readonly DefinitionFinding[] {
  return DEFINITION_RULES.flatMap(({ id, severity, hint, find }) =>
    find({ definition, written }).map(({ path, message }) => ({
      code: `definition/${id}`,
      severity,
      path,
      message,
      hint,
    })),
  );
}
