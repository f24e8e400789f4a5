import { mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { EntrypointError, messageOf } from "../errors.ts";
import { printOut } from "../process/output.ts";

/** V8's compiled form of one file of the program. */
export interface CompiledForm {
  /** Where the launcher looks for it. */
  readonly file: string;
  /** The functions that have run so far are in it. */
  readonly take: () => Buffer;
}

/** The code of what most definitions name, whose rehearsal would need a server. */
const OF_A_USUAL_START: readonly (() => Promise<unknown>)[] = [
  () => import("../task/wait-for.ts"),
  () => import("../task/verify-assets.ts"),
  () => import("../task/migrate.ts"),
  () => import("../task/probe/postgres.ts"),
  () => import("../task/probe/mysql.ts"),
  () => import("../task/pending/postgres-versions.ts"),
  () => import("../task/pending/mysql-versions.ts"),
  () => import("pg"),
  () => import("mysql2"),
  () => import("yaml"),
];

/** Runs the program for an argv as Node gives it. */
type Main = (argv: readonly string[]) => Promise<number>;

/**
 * `entrypoint bake`: goes through the shortest starts without their last step, so that V8 has compiled what every start needs,
 * and leaves the compiled forms of the files they load beside these. `forms` grows as files are loaded.
 * @throws EntrypointError `ENTRYPOINT_BAKE_FAILED`
 */
export async function bake(forms: readonly CompiledForm[], path: string, main: Main): Promise<number> {
  await rehearse(path, main);
  return printOut(forms.map(write).join(""));
}

function write({ file, take }: CompiledForm): string {
  try {
    const temporary = `${file}.${String(process.pid)}`;
    writeFileSync(temporary, take(), { mode: 0o644 });
    renameSync(temporary, file);
  } catch (cause) {
    throw new EntrypointError("ENTRYPOINT_BAKE_FAILED", { message: `bake: ${messageOf(cause)}`, cause });
  }
  return `${file}: ${String(Math.ceil(statSync(file).size / 1000))} kB\n`;
}

async function rehearse(path: string, main: Main): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "entrypoint-"));
  // The last step: without it a rehearsal ends where the app would begin.
  Object.defineProperty(process, "execve", { value: () => 0 });
  try {
    const definition = join(folder, "entrypoint.json");
    writeFileSync(definition, '{ "tasks": [] }');
    await main([process.execPath, path, "run", "--quiet", "--config", definition, "--", "true"]);
    await main([process.execPath, join(dirname(path), "prehook"), "true", "--", "true"]);
    for (const load of OF_A_USUAL_START) await load();
  } finally {
    rmSync(folder, { recursive: true });
  }
}
