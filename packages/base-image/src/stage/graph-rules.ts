import type { GraphRule } from "./graph-rule.ts";
import { NAME_RULES } from "./rules/names.ts";
import { SOURCE_RULES } from "./rules/sources.ts";
import { TARGET_RULES } from "./rules/targets.ts";
import { EMPTY_VARIABLE_RULES } from "./rules/variables.ts";

/** Every rule about stages and variables together that a file can be held against, built or read. */
export const GRAPH_RULES: readonly GraphRule[] = [
  ...NAME_RULES,
  ...SOURCE_RULES,
  ...EMPTY_VARIABLE_RULES,
  ...TARGET_RULES,
];
