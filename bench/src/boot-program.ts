import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A folder with a copy of the entrypoint's program in `entrypoint/`, removed when the `using` scope ends. */
export interface ProgramFolder extends Disposable {
  readonly path: string;
  /** The file that is executed. */
  readonly program: string;
}

/** Copies the program, which has to be bundled (`pnpm bundle`), as into an image. */
export function programFolder(): ProgramFolder {
  const manifest = createRequire(import.meta.url).resolve("@slipway/entrypoint/package.json");
  const path = mkdtempSync(join(tmpdir(), "slipway-bench-"));
  cpSync(join(dirname(manifest), "dist/bundle"), join(path, "entrypoint"), { recursive: true });
  return {
    path,
    program: join(path, "entrypoint/entrypoint.cjs"),
    [Symbol.dispose]: () => rmSync(path, { recursive: true }),
  };
}
