import { createHash, randomUUID } from "node:crypto";
import { readdirSync, readFileSync, utimesSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Files that change between two releases. */
const CHANGED = 40;

const EXTENSIONS = ["js", "css", "svg", "png", "js", "woff2", "css", "jpg"];

/** A public folder with fingerprinted files. */
export interface AssetTree extends AsyncDisposable {
  readonly path: string;
  /**
   * Gives every file the present as its time and has it in memory, as a build in CI that has just written it; rclone evicts what it has
   * read from the page cache, and whoever comes next would wait for the disk. At once: calls that are handed to threads take ten times
   * as long.
   */
  touch(): void;
  /** Replaces 40 files by ones that have not been there. */
  change(): Promise<void>;
}

/** Makes a tree with the same files on every machine: sizes as a Rails build has them, a median of 10 KB, few above 100 KB. */
export async function makeTree(files: number): Promise<AssetTree> {
  const path = await mkdtemp(join(tmpdir(), "bench-assets-"));
  const folder = join(path, "assets");
  await mkdir(folder);
  const names: string[] = [];
  for (let n = 0; n < files; n += 1) names.push(await writeAsset(folder, n, `file ${n} `));
  return {
    path,
    touch: () => {
      const now = new Date();
      for (const name of readdirSync(folder)) {
        utimesSync(join(folder, name), now, now);
        readFileSync(join(folder, name));
      }
    },
    change: async () => {
      for (let n = 0; n < Math.min(CHANGED, files); n += 1) {
        await rm(join(folder, names[n] ?? ""));
        names[n] = await writeAsset(folder, n, `file ${n} ${randomUUID()} `);
      }
    },
    [Symbol.asyncDispose]: () => rm(path, { recursive: true }),
  };
}

async function writeAsset(folder: string, n: number, text: string): Promise<string> {
  const body = Buffer.alloc(Math.round(10_000 * 4 ** (((n * 7919) % 1000) / 250 - 2)), text);
  const fingerprint = createHash("sha256").update(body).digest("hex");
  const name = `file${n}-${fingerprint}.${EXTENSIONS[n % EXTENSIONS.length]}`;
  await writeFile(join(folder, name), body);
  return name;
}
