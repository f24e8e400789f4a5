import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execPath } from "node:process";

import { interleave } from "./interleave.ts";
import type { BenchResult, BenchSettings } from "./result.ts";

const ROUNDS = 80;

/** The least that a start does: before Node 26 it becomes the app by way of `env`, which answers what `execve` would abort on. */
const HAND_OVER = `process.execve("/usr/bin/env", ["env", "--", "true"], process.env);`;

/** The least that a script with a hook does: it runs the hook with Node's own means and hands over. */
const FLOOR = `require("node:child_process").spawnSync("true", { stdio: "inherit" });
process.execve("/bin/true", ["true"], process.env);`;

/**
 * What a start costs beside an empty CommonJS script on the same Node. The program has to be bundled (`pnpm bundle`); it is
 * copied and baked as in an image.
 */
export async function bench({ rounds = ROUNDS }: BenchSettings): Promise<BenchResult> {
  const manifest = createRequire(import.meta.url).resolve("@slipway/entrypoint/package.json");
  const folder = mkdtempSync(join(tmpdir(), "slipway-bench-"));
  try {
    cpSync(join(dirname(manifest), "dist/bundle"), join(folder, "entrypoint"), { recursive: true });
    const bundle = join(folder, "entrypoint/entrypoint.cjs");
    writeFileSync(join(folder, "hand-over.cjs"), HAND_OVER);
    writeFileSync(join(folder, "floor.cjs"), FLOOR);
    writeFileSync(join(folder, "empty.cjs"), "");
    writeFileSync(join(folder, "entrypoint.json"), '{ "tasks": [] }');
    symlinkSync(bundle, join(folder, "prehook"));
    const start = (...words: readonly string[]) => {
      const { status, stderr } = spawnSync(execPath, words, { cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
      if (status !== 0) throw new Error(`${words.join(" ")} ended with ${String(status)}: ${stderr.toString()}`);
    };
    start(bundle, "bake");
    const timings = await interleave(
      [
        { name: "empty script", run: () => start("empty.cjs") },
        { name: "execve of env", run: () => start("hand-over.cjs") },
        { name: "run, empty definition", run: () => start(bundle, "run", "--quiet", "--", "true") },
        { name: "spawnSync and execve", run: () => start("floor.cjs") },
        { name: 'prehook "true"', run: () => start(join(folder, "prehook"), "true", "--", "true") },
      ],
      rounds,
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
