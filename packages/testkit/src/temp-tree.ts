import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A folder of its own that is removed when the `await using` scope ends. */
export interface TempTree extends AsyncDisposable {
  readonly path: string;
  /** Writes files below the folder; keys are relative paths. */
  write(files: Readonly<Record<string, string | Uint8Array>>): Promise<void>;
}

/** Makes a temporary folder, with files if given. */
export async function tempTree(files: Readonly<Record<string, string | Uint8Array>> = {}): Promise<TempTree> {
  const path = await mkdtemp(join(tmpdir(), "slipway-"));
  const tree: TempTree = {
    path,
    write: async (more) => {
      for (const [name, body] of Object.entries(more)) {
        const file = join(path, name);
        await mkdir(dirname(file), { recursive: true });
        await writeFile(file, body);
      }
    },
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  };
  await tree.write(files);
  return tree;
}
