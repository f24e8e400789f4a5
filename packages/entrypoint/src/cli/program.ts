import { EXIT_CODES } from "../process/exit-codes.ts";
import { writeOut } from "../process/output.ts";
import type { CompiledForm } from "./bake.ts";
import { main } from "./main.ts";

/** Node ends with 0 when nothing is left to wait for: a start that forgot to settle must not look like a success. */
function refuseSilence(): void {
  writeOut(2, "entrypoint: this is a bug in the entrypoint: it ended without a verdict\n");
  process.exitCode = EXIT_CODES.ownFailure;
}

/** Runs the program to its end. What the launcher knows of compiled forms is for `bake`. */
export function begin(forms: readonly CompiledForm[]): void {
  process.once("exit", refuseSilence);
  void main(process.argv, forms).then((code) => {
    process.off("exit", refuseSilence);
    process.exit(code);
  });
}
