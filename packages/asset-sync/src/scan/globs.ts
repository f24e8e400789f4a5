import picomatch from "picomatch";

import { patternRegexp } from "../config/pattern.ts";

/**
 * Whether a key matches any of these globs; one without a slash is compared with the name alone. Dot files match too. What
 * is written `/…/` is a regular expression that is looked for anywhere in the key.
 */
export function globMatcher(globs: readonly string[]): (key: string) => boolean {
  if (globs.length === 0) return () => false;
  const regexps = globs.flatMap((glob) => patternRegexp(glob) ?? []);
  const whole = globs
    .filter((glob) => patternRegexp(glob) === undefined)
    .map((glob) => (glob.includes("/") ? glob : `**/${glob}`));
  const matches = whole.length === 0 ? () => false : picomatch(whole, { dot: true, nonegate: true, noextglob: true });
  return (key) => matches(key) || regexps.some((regexp) => regexp.test(key));
}
