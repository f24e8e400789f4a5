import picomatch from "picomatch";

/** No key begins with a slash, so this is no glob. */
const REGEXP = /^\/(.+)\/([imsu]*)$/s;

/**
 * Whether a key matches any of these globs; one without a slash is compared with the name alone. Dot files match too. What
 * is written `/…/` is a regular expression that is looked for anywhere in the key.
 */
export function globMatcher(globs: readonly string[]): (key: string) => boolean {
  if (globs.length === 0) return () => false;
  const regexps = globs.flatMap((glob) => {
    const [, source, flags] = REGEXP.exec(glob) ?? [];
    return source === undefined ? [] : [new RegExp(source, flags)];
  });
  const whole = globs.filter((glob) => !REGEXP.test(glob)).map((glob) => (glob.includes("/") ? glob : `**/${glob}`));
  const matches = whole.length === 0 ? () => false : picomatch(whole, { dot: true, nonegate: true, noextglob: true });
  return (key) => matches(key) || regexps.some((regexp) => regexp.test(key));
}
