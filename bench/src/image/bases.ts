import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { promisify } from "node:util";

import type { Measures } from "../interleave.ts";
import { dockerBuild } from "./docker-build.ts";

const execute = promisify(execFile);

const ROOT = join(import.meta.dirname, "../../..");

/** The images that others stand on, under names of this run: other builds move the examples'. */
export interface Bases extends AsyncDisposable {
  /** One image for everything, as teams wrote it in 2020. */
  readonly old: string;
  readonly runtime: string;
  readonly builder: string;
  readonly pdf: string;
  buildOld(): Promise<Measures>;
  /** Builds a variant of the examples' base image with every step run again. */
  build(variant: "runtime" | "builder" | "pdf"): Promise<void>;
}

export function nameBases(): Bases {
  const run = randomUUID().slice(0, 8);
  const named = (name: string): string => `slipway-bench-${name}:${run}`;
  const tags = { old: named("old"), runtime: named("runtime"), builder: named("builder"), pdf: named("pdf") };
  return {
    ...tags,
    buildOld: () => dockerBuild(["--tag", tags.old, join(ROOT, "bench/naive")], { cold: true }),
    build: async (variant) => {
      const program = join(ROOT, "packages/base-image/src/cli/main.ts");
      const config = join(ROOT, "examples/base-image/base-image.config.ts");
      const flags = ["--variant", variant, "--tag", tags[variant], "--network", "host", "--no-cache"];
      const words = ["--conditions=source", program, "--config", config, "--quiet", "build", ...flags];
      await execute(process.execPath, words, { maxBuffer: 2 ** 26 });
    },
    [Symbol.asyncDispose]: () => removeImages(Object.values(tags)),
  };
}

/** Removes those of the images that are there. */
export async function removeImages(images: readonly string[]): Promise<void> {
  await execute("docker", ["image", "rm", "--force", ...images]);
}
