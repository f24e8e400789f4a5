// These bound a rendering: more than any configuration file needs, so that every template ends and fits into memory.

/** Levels of blocks and parentheses within each other: the parser calls itself for each. */
export const DEEPEST_NESTING = 200;

/** Templates that call themselves end here. */
export const DEEPEST_CALL = 500;

/** Templates that include themselves end here. */
export const DEEPEST_INCLUDE = 50;

/** Nodes, commands and rounds of a loop; long lists and texts count for more. */
export const MOST_STEPS = 1_000_000;

/** Characters of a text, and of the output. */
export const LONGEST: number = 32 * 1024 * 1024;

/** Items of `seq`. */
export const LONGEST_SEQUENCE = 1_000_000;
