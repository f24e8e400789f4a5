import { renameSync, statSync, writeFileSync } from "node:fs";

import { EntrypointError, isBug, messageOf } from "../errors.ts";
import { printOut } from "../process/output.ts";
import { rehearse, type Main } from "./rehearse.ts";

/** V8's compiled form of one file of the program. */
export interface CompiledForm {
  /** Where the launcher looks for it. */
  readonly file: string;
  /** The functions that have run so far are in it. */
  readonly take: () => Buffer;
}

/**
 * `entrypoint bake`: rehearses the usual starts, so that V8 has compiled what they need,
 * and leaves the compiled forms of the files they load beside these. `forms` grows as files are loaded.
 * @throws EntrypointError `ENTRYPOINT_BAKE_FAILED`
 */
export async function bake(forms: readonly CompiledForm[], path: string, main: Main): Promise<number> {
  try {
    await rehearse(path, main);
    return printOut(forms.map(write).join(""));
  } catch (cause) {
    if (cause instanceof EntrypointError || isBug(cause)) throw cause;
    throw new EntrypointError("ENTRYPOINT_BAKE_FAILED", { message: `bake: ${messageOf(cause)}`, cause });
  }
}

function write({ file, take }: CompiledForm): string {
  const temporary = `${file}.${String(process.pid)}`;
  writeFileSync(temporary, take(), { mode: 0o644 });
  renameSync(temporary, file);
  return `${file}: ${String(Math.ceil(statSync(file).size / 1000))} kB\n`;
}
