import { join } from "node:path";

import { ROOT, runCommand } from "./run-command.ts";

/** The packages whose program is one bundled folder; those of the first two are baked whole into images. */
const PROGRAMS = ["entrypoint", "asset-sync", "base-image"];

/** Bundles the programs from their sources. */
export async function bundlePrograms(): Promise<void> {
  for (const name of PROGRAMS) {
    const code = await runCommand("rolldown", ["--config"], { cwd: join(ROOT, "packages", name), quiet: true });
    if (code !== 0) throw new Error(`bundling ${name} ended with exit code ${code}`);
  }
}

if (import.meta.main) await bundlePrograms();
