const WORD = /[^\s"']+|"([^"]*)"|'([^']*)'/g;

/**
 * Splits a task of `prehook` and `codep` into words as entrykit does: on white space and around quoted pieces, which never
 * join what stands beside them (`--opt="c d"` is two words). A quote without its partner vanishes; nothing escapes and
 * nothing expands.
 */
export function splitWords(task: string): string[] {
  return [...task.matchAll(WORD)].map((match) => match[1] ?? match[2] ?? match[0]);
}

/** Splits a task of `switch` into words: on white space, quotes are characters like any other. */
export function splitAtSpaces(task: string): string[] {
  return task.split(/\s+/).filter((word) => word !== "");
}
