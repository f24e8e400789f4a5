import { cp, mkdtemp, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "..", "..", "..");

/** A folder of its own, whose definition finds the packages of this repository. */
export async function copyOfTheApp(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "slipway-rebuild-"));
  await cp(join(ROOT, "examples", "rails-app"), folder, { recursive: true });
  await symlink(join(ROOT, "node_modules"), join(folder, "node_modules"));
  return folder;
}
