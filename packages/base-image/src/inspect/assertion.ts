/** What a command in the image must do. */
export interface CommandAssertion {
  readonly kind: "command";
  readonly name: string;
  readonly command: readonly string[];
  /** Who runs it; the image's own user when left out. */
  readonly user?: string;
  readonly expected: Expectation;
}

/** What an application must get from the image's entry point. */
export interface LifecycleAssertion {
  readonly kind: "lifecycle";
  readonly name: string;
  /** The application; it prints `ready` when a signal may come. */
  readonly command: readonly string[];
  readonly signal: "SIGTERM" | undefined;
  readonly expected: { readonly kind: "exit"; readonly code: number };
}

/** What a label of the image must say. */
export interface LabelAssertion {
  readonly kind: "label";
  readonly name: string;
  readonly label: string;
  readonly expected: { readonly kind: "text"; readonly text: string };
}

/**
 * What is held against reality. `text` is the exact output, `version` a version whose first parts are these, `exit` the
 * exit code alone. A command that is held against its output must also end with 0.
 */
export type Expectation =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "version"; readonly version: string }
  | { readonly kind: "exit"; readonly code: number };

/** One thing an image must be, derived from its definition. */
export type Assertion = CommandAssertion | LifecycleAssertion | LabelAssertion;

/** What a program did. */
export interface Observed {
  readonly exitCode: number;
  readonly output: string;
}

/** Whether what was found is what was expected. */
export function holds(expected: Expectation, found: Observed): boolean {
  if (expected.kind === "exit") return found.exitCode === expected.code;
  const output = found.output.trim();
  const matches =
    expected.kind === "text" ? output === expected.text : isVersion(output.replace(/^v/, ""), expected.version);
  return found.exitCode === 0 && matches;
}

/** An expectation in words. */
export function describeExpectation(expected: Expectation): string {
  if (expected.kind === "exit") return `exit code ${expected.code}`;
  if (expected.kind === "text") return expected.text === "" ? "no output" : expected.text;
  return expected.version.split(".").length > 2 ? expected.version : `${expected.version}.x`;
}

/** What was found, in the same words. */
export function describeObserved(expected: Expectation, found: Observed): string {
  const output = found.output.trim();
  if (expected.kind !== "exit" && found.exitCode === 0) return output === "" ? "no output" : output;
  return `exit code ${found.exitCode}${output === "" || found.exitCode === 0 ? "" : `: ${output.slice(-500)}`}`;
}

function isVersion(found: string, wanted: string): boolean {
  return found === wanted || found.startsWith(`${wanted}.`);
}
