import { inLine } from "../errors.ts";
import type { FinishedStep } from "../events.ts";

/** A start from its first step to the app, or to its failure. */
export interface Timeline {
  readonly release: string | null;
  readonly steps: readonly FinishedStep[];
  readonly seconds: number;
  readonly exitCode: number | null;
}

/** The columns of the table and of the page. */
export const TIMELINE_COLUMNS: readonly { readonly name: string; readonly of: (step: FinishedStep) => string }[] = [
  { name: "start", of: ({ start }) => inSeconds(start) },
  { name: "took", of: ({ seconds }) => inSeconds(seconds) },
  { name: "waited", of: ({ wait }) => inSeconds(wait) },
  { name: "exit", of: ({ exitCode }) => (exitCode === null ? "" : String(exitCode)) },
  { name: "peak", of: ({ peakMegabytes }) => (peakMegabytes === null ? "" : `${peakMegabytes.toFixed(0)} MB`) },
];

/** The timeline as a table of text. */
export function timelineTable({ steps, seconds }: Pick<Timeline, "steps" | "seconds">): string {
  const rows = [
    TIMELINE_COLUMNS.map(({ name }) => name),
    ...steps.map((step) => TIMELINE_COLUMNS.map(({ of }) => of(step))),
  ];
  const widths = TIMELINE_COLUMNS.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  const lines = rows.map((row, index) => {
    const cells = row.map((cell, column) => cell.padStart(widths[column] ?? 0));
    const step = steps[index - 1];
    return `  ${cells.join("  ")}  ${step === undefined ? "" : `${step.task}: ${inLine(step.subject)}`}`.trimEnd();
  });
  return [`timeline, ${inSeconds(seconds)} in all`, ...lines].join("\n");
}

function inSeconds(value: number): string {
  return `${value.toFixed(2)} s`;
}
