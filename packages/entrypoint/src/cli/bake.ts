import { mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { EntrypointError, messageOf } from "../errors.ts";
import { writeOut } from "../process/output.ts";

/** V8's compiled form of the program. */
export interface Compiled {
  /** Where the launcher looks for it. */
  readonly file: string;
  /** The functions that have run so far are in it. */
  readonly take: () => Buffer;
}

/** Runs the program for an argv as Node gives it. */
type Main = (argv: readonly string[]) => Promise<number>;

/**
 * `entrypoint bake`: goes through the shortest starts without their last step, so that V8 has compiled what every start needs,
 * and leaves the compiled form beside the program.
 * @throws EntrypointError `ENTRYPOINT_BAKE_FAILED`
 */
export async function bake(compiled: Compiled, path: string, main: Main): Promise<number> {
  await rehearse(path, main);
  try {
    const temporary = `${compiled.file}.${String(process.pid)}`;
    writeFileSync(temporary, compiled.take(), { mode: 0o644 });
    renameSync(temporary, compiled.file);
  } catch (cause) {
    throw new EntrypointError("ENTRYPOINT_BAKE_FAILED", { message: `bake: ${messageOf(cause)}`, cause });
  }
  writeOut(1, `${compiled.file}: ${String(Math.ceil(statSync(compiled.file).size / 1000))} kB\n`);
  return 0;
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
  } finally {
    rmSync(folder, { recursive: true });
  }
}
