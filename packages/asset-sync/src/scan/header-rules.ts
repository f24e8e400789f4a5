import type { HeaderRule } from "../config/definition.ts";
import type { Phase } from "../events.ts";
import { globMatcher } from "./globs.ts";
import type { ObjectHeaders } from "./headers.ts";

/** The headers of a key after the rules, given those it has without them. */
export type HeaderRules = (key: string, phase: Phase, headers: ObjectHeaders) => ObjectHeaders;

/**
 * Makes rows of rules ready to be asked many times. A sibling in an encoding is asked for by the name of the file it
 * holds, as it is served in its place. A manifest keeps its cache header: it changes under its name, and whoever holds an
 * old one asks for files that are gone.
 */
export function headerRules(rows: readonly HeaderRule[]): HeaderRules {
  const ready = rows.map(({ match, headers }) => ({
    matches: globMatcher(typeof match === "string" ? [match] : match),
    headers,
  }));
  return (key, phase, headers) => {
    const row = ready.find(({ matches }) => matches(key));
    if (row === undefined) return headers;
    const ruled = { ...headers, ...row.headers };
    return phase === "manifest" ? { ...ruled, "cache-control": headers["cache-control"] } : ruled;
  };
}
