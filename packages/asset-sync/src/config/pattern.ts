import { messageOf } from "../errors.ts";

/** No key begins with a slash, so this is no glob. */
const REGEXP = /^\/(.+)\/([imsu]*)$/s;

/**
 * The regular expression that a pattern of keys is, written `/…/` with its flags; undefined for a glob.
 *
 * @throws SyntaxError for one that is not in order
 */
export function patternRegexp(pattern: string): RegExp | undefined {
  const [, source, flags] = REGEXP.exec(pattern) ?? [];
  return source === undefined ? undefined : new RegExp(source, flags);
}

/** What is wrong with a pattern of keys; undefined for a good one. */
export function patternFault(pattern: string): string | undefined {
  try {
    if (patternRegexp(pattern) !== undefined || !pattern.startsWith("/")) return undefined;
    return "no key begins with a slash; expected a glob of keys, or /…/ with flags of i, m, s and u";
  } catch (error) {
    return messageOf(error);
  }
}
