import type { Severity } from "../dockerfile/finding.ts";
import type { ErrorCode } from "../errors.ts";
import type { FileView } from "./stage-view.ts";

/** What every rule says about itself. */
export interface RuleText {
  /** Stable: it stands in suppressions. */
  readonly code: string;
  readonly severity: Severity;
  /** What is wrong, as a heading. */
  readonly title: string;
  /** Why it is wrong. */
  readonly reason: string;
  /** What to do. */
  readonly remedy: string;
  /** Where the rule, or what it rests on, is documented. */
  readonly link: string;
  /** The same rule elsewhere: BuildKit's by name, hadolint's by number. */
  readonly also: readonly string[];
  /** A file in which this rule, and no other, finds something: in this line. */
  readonly bad: { readonly text: string; readonly line: number };
  /** A file in which no rule finds anything. */
  readonly good: string;
}

/** A rule about how stages and variables fit together, for definitions and for files that were read. */
export interface GraphRule extends RuleText {
  /** What a definition is refused with before a Dockerfile is made of it; the others are findings only. */
  readonly refusal?: ErrorCode;
  readonly find: (view: FileView) => Iterable<Spot>;
}

/** What a rule found, and where: in a stage by its index, in it an instruction, or the FROM itself. */
export interface Spot {
  readonly stage: number;
  readonly instruction?: number;
  readonly part?: Part;
  readonly message: string;
  /** Said instead of the rule's own remedy. */
  readonly hint?: string;
}

/** The word of an instruction that a finding is about. */
export type Part =
  | { readonly is: "image" }
  | { readonly is: "name" }
  | { readonly is: "target" }
  | { readonly is: "source"; readonly from: string }
  | { readonly is: "variable"; readonly name: string };

/** A hint with the near name, where there is one. */
export function didYouMean(near: string | undefined): Pick<Spot, "hint"> {
  return near === undefined ? {} : { hint: `Did you mean ${near}?` };
}
