import { argv, exit, stderr, stdout } from "node:process";

import { describeMachine, keepReport, type BenchReport } from "./report.ts";
import { timingTable } from "./summary.ts";

/** What a benchmark hands back; the frame adds machine, date and Node's version. */
export type BenchResult = Pick<BenchReport, "versions" | "timings" | "figures"> & {
  /** What some figures have to be at least. */
  readonly targets?: Readonly<Record<string, number>>;
};

/** Each benchmark by its name; loaded when it is asked for. */
const BENCHES: Readonly<Record<string, () => Promise<{ readonly bench: () => Promise<BenchResult> }>>> = {
  assets: () => import("./assets.ts"),
  boot: () => import("./boot.ts"),
  "image-size": () => import("./image-size.ts"),
  language: () => import("./language.ts"),
  ledger: () => import("./ledger.ts"),
  rebuild: () => import("./rebuild.ts"),
};

async function main(name: string | undefined): Promise<number> {
  const load = new Map(Object.entries(BENCHES)).get(name ?? "");
  if (load === undefined) {
    stderr.write(
      `bench: ${JSON.stringify(name ?? "")} is no benchmark; expected one of ${Object.keys(BENCHES).join(", ")}\n`,
    );
    return 2;
  }
  const machine = describeMachine();
  const { bench } = await load();
  const { targets = {}, ...result } = await bench();
  const versions = { node: process.version, ...result.versions };
  const file = await keepReport({ bench: name ?? "", at: new Date().toISOString(), machine, ...result, versions });
  stdout.write(timingTable(result.timings));
  for (const [figure, value] of Object.entries(result.figures))
    stdout.write(figureLine(figure, value, targets[figure]));
  stdout.write(`kept in ${file}\n`);
  return 0;
}

function figureLine(figure: string, value: number, target: number | undefined): string {
  const shown = Number.isInteger(value) ? `${value}` : value.toFixed(2);
  if (target === undefined) return `${figure}: ${shown}\n`;
  return `${figure}: ${shown} (at least ${target} wanted: ${value >= target ? "met" : "MISSED"})\n`;
}

exit(await main(argv[2]));
