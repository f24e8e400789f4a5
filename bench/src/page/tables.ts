import type { Timing } from "../interleave.ts";
import { groupsOf, ratioOf, spreadOf } from "../summary.ts";
import { numberWords, ratioWords, timeWords } from "./units.ts";

/** A Markdown table. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  return [head, head.map(() => "---"), ...rows].map((cells) => {
    return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  });
}

/** A table for each group of timings, folded away: the picture says the most of it. */
export function timingTables(timings: readonly Timing[]): readonly string[] {
  return [...groupsOf(timings)].flatMap(([group, rows]) => [
    `<details><summary>${group === "" ? "Times" : group}</summary>`,
    "",
    ...groupTable(rows),
    "",
    "</details>",
    "",
  ]);
}

/** All figures; ratios stand with the times they are made of. */
export function figureTable(figures: Readonly<Record<string, number>>): readonly string[] {
  const rows = Object.entries(figures).map(([figure, value]) => [figure, numberWords(value)]);
  if (rows.length === 0) return [];
  return ["<details><summary>All figures</summary>", "", ...table(["figure", "value"], rows), "", "</details>", ""];
}

function groupTable(timings: readonly Timing[]): readonly string[] {
  const measured = [...new Set(timings.flatMap(({ measures = {} }) => Object.keys(measures)))];
  const [first] = timings;
  const rows = timings.map((timing) => {
    const { median, low, high } = spreadOf(timing.samples);
    return [
      timing.name,
      timeWords(median),
      `${timeWords(low)} – ${timeWords(high)}`,
      String(timing.samples.length),
      first === undefined ? "" : ratioWords(ratioOf(timing, first)),
      ...measured.map((name) => measureWords(timing.measures?.[name])),
    ];
  });
  return table(["", "median", "quartiles", "runs", "× first row", ...measured], rows);
}

function measureWords(values: readonly number[] | undefined): string {
  return values === undefined ? "" : numberWords(spreadOf(values).median);
}
