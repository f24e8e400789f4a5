import { EntrypointError } from "../errors.ts";
import { isReference } from "../task/secrets/reference.ts";
import { suggest } from "./spelling.ts";

const VARIABLE = /\$?\$\{([^}]*)\}/g;
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * Puts environment variables in for `${NAME}`; `$${NAME}` is the plain text `${NAME}`.
 * @throws EntrypointError `ENTRYPOINT_VARIABLE_UNSET`; `ENTRYPOINT_DEFINITION_INVALID` for what is not a name
 */
export function interpolate(text: string, path: string, env: Readonly<NodeJS.ProcessEnv>): string {
  if (!text.includes("${")) return text;
  return text.replace(VARIABLE, (whole, name: string, offset: number) => {
    if (whole.startsWith("$$")) return whole.slice(1);
    if (!NAME.test(name)) {
      // not quoted: between the braces may stand a part of a password
      const place = `the \${…} at character ${String(offset + 1)}`;
      throw new EntrypointError("ENTRYPOINT_DEFINITION_INVALID", {
        message: `${path}: ${place} does not name a variable; there are no operators, and $\${…} is plain text`,
      });
    }
    const value = env[name];
    // Within a text a reference would not be an address any more; only what explain prints has any left.
    if (value !== undefined) return whole !== text && isReference(value) ? name : value;
    throw new EntrypointError("ENTRYPOINT_VARIABLE_UNSET", {
      message: `${path}: the environment variable ${name} is not set${nearName(name, env)}`,
    });
  });
}

/** The variables that a text names, each as it stands there: `${NAME}`. */
export function variablesOf(text: string): string[] {
  return (text.match(VARIABLE) ?? []).filter((found) => !found.startsWith("$$"));
}

function nearName(name: string, env: Readonly<NodeJS.ProcessEnv>): string {
  const hint = suggest(name, Object.keys(env));
  return hint.startsWith("did you mean") ? `; ${hint}` : "";
}
