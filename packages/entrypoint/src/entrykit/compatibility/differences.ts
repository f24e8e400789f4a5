import { CHANGED } from "./changed.ts";
import type { Difference } from "./difference.ts";
import { KEPT } from "./kept.ts";

/** Every behaviour of entrykit that was decided on, by its id. */
export const DIFFERENCES: readonly Difference[] = [...KEPT, ...CHANGED];
