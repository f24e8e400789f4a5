import { execFile } from "node:child_process";
import { access, mkdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

const execute = promisify(execFile);

const CACHE = join(import.meta.dirname, "../../../node_modules/.cache/slipway-bench");

/** The gem that is compared with, and the client it uploads by. */
export const GEMS = { asset_sync: "2.19.4", "fog-aws": "3.33.5" } as const;

/** The folder with the gems, installed by the `gem` beside that Ruby when it is not there yet. */
export async function gemHome(ruby: string): Promise<string> {
  const { stdout } = await execute(ruby, ["-e", "print RUBY_VERSION"]);
  const home = join(CACHE, `gems-${GEMS.asset_sync}-${GEMS["fog-aws"]}-ruby-${stdout}`);
  const there = await access(home).then(
    () => true,
    () => false,
  );
  if (there) return home;
  const unfinished = `${home}-unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true });
  for (const [gem, version] of Object.entries(GEMS)) {
    const words = ["install", gem, "--version", version, "--install-dir", unfinished, "--no-document"];
    await execute(join(dirname(ruby), "gem"), words, { maxBuffer: 2 ** 24 });
  }
  await rename(unfinished, home);
  return home;
}
