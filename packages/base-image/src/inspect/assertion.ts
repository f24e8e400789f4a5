/** What a command in the image must do. */
export interface CommandAssertion {
  readonly kind: "command";
  readonly name: string;
  readonly command: readonly string[];
  /** Who runs it; the image's own user when left out. */
  readonly user?: string;
  /** Whether it runs as in production at its strictest: the root is read-only, and only /tmp is writable, in memory. */
  readonly readOnly?: boolean;
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

/** What the image's configuration must be; nothing is started for it. */
export interface ConfigAssertion {
  readonly kind: "config";
  readonly name: string;
  readonly read: (config: ImageConfig) => string;
  readonly expected: { readonly kind: "text"; readonly text: string };
}

/** What is made in one image must work in the other: `make` prints what `use` gets as its last argument. */
export interface PairAssertion {
  readonly kind: "pair";
  readonly name: string;
  readonly make: readonly string[];
  readonly use: readonly string[];
  readonly expected: Expectation;
}

/** What an image says of itself. */
export interface ImageConfig {
  readonly labels: Readonly<Record<string, string>>;
  readonly entrypoint: readonly string[];
  readonly cmd: readonly string[];
  readonly user: string;
  readonly workdir: string;
  /** As `3000/tcp`. */
  readonly ports: readonly string[];
  readonly env: readonly string[];
  /** The instructions it was made by, as its history has them. */
  readonly history: readonly string[];
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
export type Assertion = CommandAssertion | LifecycleAssertion | LabelAssertion | ConfigAssertion | PairAssertion;

/** What a program did. */
export interface Observed {
  readonly exitCode: number;
  readonly output: string;
}

/** No output at all: what a search for faults must come to. */
export const SILENCE: Expectation & { readonly kind: "text" } = { kind: "text", text: "" };

/** A command that ends well. */
export const SUCCESS: Expectation = { kind: "exit", code: 0 };

/** An assertion about a command. */
export function command(name: string, words: readonly string[], expected: Expectation): CommandAssertion {
  return { kind: "command", name, command: words, expected };
}

/** An assertion about a shell script that stops at its first failure. */
export function shell(name: string, script: string, expected: Expectation): CommandAssertion {
  return command(name, ["sh", "-ec", script], expected);
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
