import { spawn } from "node:child_process";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's root folder. */
export const ROOT: string = join(dirname(fileURLToPath(import.meta.url)), "..");

/** Runs a program of the workspace and answers its exit code. Its output is shown; with `quiet` only that on standard error. */
export function runCommand(
  command: string,
  args: readonly string[],
  { cwd = ROOT, quiet = false }: { readonly cwd?: string; readonly quiet?: boolean } = {},
): Promise<number> {
  const path = [join(ROOT, "node_modules", ".bin"), process.env["PATH"]].join(delimiter);
  const env = { ...process.env, PATH: path };
  const child = spawn(command, args, { cwd, env, stdio: ["inherit", quiet ? "ignore" : "inherit", "inherit"] });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? 1));
  });
}
