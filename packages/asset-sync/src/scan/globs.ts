import picomatch from "picomatch";

/** Whether a key matches any of these globs; one without a slash is compared with the name alone. Dot files match too. */
export function globMatcher(globs: readonly string[]): (key: string) => boolean {
  if (globs.length === 0) return () => false;
  const whole = globs.map((glob) => (glob.includes("/") ? glob : `**/${glob}`));
  return picomatch(whole, { dot: true, nonegate: true, noextglob: true });
}
