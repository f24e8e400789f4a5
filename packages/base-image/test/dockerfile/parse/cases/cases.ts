import type { Rule } from "./case.ts";
import { FLAGS } from "./flags.ts";
import { HEREDOCS } from "./heredocs.ts";
import { JSON_FORM } from "./json.ts";
import { LINES } from "./lines.ts";
import { PAIRS } from "./pairs.ts";
import { STAGES } from "./stages.ts";
import { VALUES } from "./values.ts";

/** The rules of the language that readers get wrong, by their numbers. */
export const RULES: readonly Rule[] = [
  ...LINES,
  ...JSON_FORM,
  ...PAIRS,
  ...STAGES,
  ...FLAGS,
  ...HEREDOCS,
  ...VALUES,
].toSorted((a, b) => a.rule - b.rule);
