import { readFileSync } from "node:fs";
import { join } from "node:path";

import { expect, it } from "vitest";

import type { BenchReport } from "../src/report.ts";
import { spreadOf } from "../src/summary.ts";

const ROOT = join(import.meta.dirname, "../..");
const readme = readFileSync(join(ROOT, "examples/README.md"), "utf8");
const { figures, timings } = JSON.parse(readFileSync(join(ROOT, "bench/results/image.json"), "utf8")) as BenchReport;

function whole(figure: string): string {
  return Math.round(figures[figure] ?? Number.NaN).toLocaleString("en");
}

function size(image: string): { readonly unpacked: string; readonly pulled: string } {
  return { unpacked: whole(`${image}: MB unpacked`), pulled: whole(`${image}: MB to pull`) };
}

function seconds(group: string, name: string): string {
  const timing = timings.find((one) => one.group === group && one.name === name);
  return (spreadOf(timing?.samples ?? []).median / 1000).toFixed(1);
}

function pushed(name: string, places: number): string {
  return (figures[`one Ruby file, MB to push: ${name}`] ?? Number.NaN).toFixed(places);
}

const [old, app, base] = [size("2020 style, base"), size("Slipway, app"), size("Slipway, runtime")];
const [coldBase, coldApp, ruby] = ["cold build of the base", "cold build of the app", "one Ruby file"] as const;

/** What the table of the post's open problems takes from the kept result. */
const TAKEN: readonly string[] = [
  `2020: ${old.unpacked} MB (${old.pulled}) without the app`,
  `${app.unpacked} MB (${app.pulled}) with the app, ${base.unpacked} (${base.pulled}) of them the base`,
  `2020: ${seconds(coldBase, "2020 style")} s for the base, ${seconds(coldApp, "2020 style")} for the app`,
  `rails new: ${seconds(coldApp, "rails new")} s for all in one`,
  `${seconds(coldBase, "Slipway, runtime and builder")} s for both bases, ${seconds(coldApp, "Slipway")} for the app`,
  `rails new ${seconds(ruby, "rails new")} s and ${pushed("rails new", 1)} MB to push, 2020 ${seconds(ruby, "2020 style")} s`,
  `${seconds(ruby, "Slipway")} s and ${pushed("Slipway", 2)} MB to push`,
];

it.each(TAKEN)("the table of open problems says: %s", (words) => {
  expect(readme).toContain(words);
});
