/** A fenced block of a page that somebody who follows the page acts on. */
export type Step =
  | { readonly kind: "commands"; readonly text: string }
  | { readonly kind: "file"; readonly path: string; readonly text: string }
  | { readonly kind: "output"; readonly lines: readonly string[] };

/**
 * What a page has its reader do, in order: `sh` blocks are commands, a block whose language is followed by a file name is that file,
 * and a `text` block is what the commands before it have printed, where `…` stands for anything.
 */
export function pageSteps(markdown: string): readonly Step[] {
  const blocks = markdown.matchAll(/^```(\S*)(?: (\S+))?\n(.*?)^```$/gms);
  return [...blocks].flatMap(([, language = "", path, text = ""]): readonly Step[] => {
    if (path !== undefined) return [{ kind: "file", path, text }];
    if (language === "sh") return [{ kind: "commands", text }];
    return language === "text" ? [{ kind: "output", lines: text.trimEnd().split("\n") }] : [];
  });
}

const MARK = "\u001e";

/** A bash script that follows the steps, stops at the first command that fails, and marks where the output of each step begins. */
export function pageScript(steps: readonly Step[]): string {
  const parts = steps.map((step) => `printf '${MARK}'\n${stepScript(step)}`);
  return ["set -euo pipefail", "exec 2>&1", ...parts].join("\n");
}

function stepScript(step: Step): string {
  if (step.kind === "commands") return step.text;
  if (step.kind === "output") return "";
  return `base64 --decode > ${step.path} <<< ${Buffer.from(step.text).toString("base64")}`;
}

/** The lines that `output` blocks show and that the step before them has not printed in this order. */
export function missingOutput(steps: readonly Step[], transcript: string): readonly string[] {
  const outputs = outputsOf(transcript);
  return steps.flatMap((step, index) =>
    step.kind === "output" ? notPrinted(step.lines, outputs[index - 1] ?? []) : [],
  );
}

/** The lines that each step has printed. */
export function outputsOf(transcript: string): readonly (readonly string[])[] {
  return transcript
    .split(MARK)
    .slice(1)
    .map((output) => output.split(/\r?\n/));
}

/** Shown lines that were not printed, in this order, in which `…` stands for anything. */
export function notPrinted(shown: readonly string[], printed: readonly string[]): readonly string[] {
  let from = 0;
  return shown.filter((line) => {
    const pattern = new RegExp(`^${linePattern(line)}$`);
    const found = printed.slice(from).findIndex((candidate) => pattern.test(candidate));
    from += found + 1;
    return found === -1;
  });
}

/** The source of a pattern for a line in which `…` stands for anything. */
export function linePattern(line: string): string {
  return line.split("…").map(escaped).join(".*");
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
}
