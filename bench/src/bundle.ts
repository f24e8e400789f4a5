import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

/** Bundles the program of a package from its sources and gives the folder of the bundle. */
export async function bundleProgram(name: "asset-sync" | "entrypoint"): Promise<string> {
  const folder = join(import.meta.dirname, "../../packages", name);
  await promisify(execFile)(join(folder, "node_modules/.bin/rolldown"), ["--config"], { cwd: folder });
  return join(folder, "dist/bundle");
}
