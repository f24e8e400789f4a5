import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { ROOT, runCommand } from "./run-command.ts";

/** Checks a package as its users will get it: packed by pnpm, its manifest by publint, its types by attw. Answers the exit code. */
export async function checkPackage(name: string): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), "slipway-pack-"));
  try {
    const packed = await runCommand("pnpm", ["pack", "--pack-destination", folder], {
      cwd: join(ROOT, "packages", name),
      quiet: true,
    });
    const [tarball] = await readdir(folder);
    if (packed !== 0 || tarball === undefined) return 1;
    const file = join(folder, tarball);
    const manifest = await runCommand("publint", ["--strict", file]);
    const types = await runCommand("attw", ["--profile", "esm-only", "--format", "ascii", file]);
    return manifest === 0 && types === 0 ? 0 : 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
