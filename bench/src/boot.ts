import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execPath } from "node:process";

import { interleave } from "./interleave.ts";
import type { BenchResult } from "./main.ts";

const ROUNDS = 40;

/** What a start costs beside an empty CommonJS script on the same Node. The program has to be bundled (`pnpm bundle`). */
export async function bench(): Promise<BenchResult> {
  const manifest = createRequire(import.meta.url).resolve("@slipway/entrypoint/package.json");
  const bundle = join(dirname(manifest), "dist/bundle/entrypoint.cjs");
  const folder = mkdtempSync(join(tmpdir(), "slipway-bench-"));
  try {
    writeFileSync(join(folder, "empty.cjs"), "");
    writeFileSync(join(folder, "entrypoint.json"), '{ "tasks": [] }');
    symlinkSync(bundle, join(folder, "prehook"));
    const start = (...words: readonly string[]) => {
      const { status, stderr } = spawnSync(execPath, words, { cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
      if (status !== 0) throw new Error(`${words.join(" ")} ended with ${String(status)}: ${stderr.toString()}`);
    };
    const timings = await interleave(
      [
        { name: "empty script", run: () => start("empty.cjs") },
        { name: "run, empty definition", run: () => start(bundle, "run", "--quiet", "--", "true") },
        { name: 'prehook "true"', run: () => start(join(folder, "prehook"), "true", "--", "true") },
      ],
      ROUNDS,
    );
    const [empty = Number.NaN, ...others] = timings.map(({ samples }) => median(samples));
    const figures = Object.fromEntries(
      others.map((ms, index) => [
        `${timings[index + 1]?.name ?? ""} / empty script`,
        Math.round((ms / empty) * 100) / 100,
      ]),
    );
    return { versions: {}, timings, figures };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function median(samples: readonly number[]): number {
  return samples.toSorted((a, b) => a - b)[Math.floor(samples.length / 2)] ?? Number.NaN;
}
