import { createHash } from "node:crypto";
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { gzipSync } from "node:zlib";

/** The files of the tree that carry no fingerprint and stand beside the assets, as in a Rails public folder. */
const PLAIN = new Set(["robots.txt"]);

/**
 * Writes a public folder as `assets:precompile` leaves it: fingerprinted names, a gzip sibling for text, Propshaft's
 * manifest under its dot name. Answers the number of files that belong to the release.
 */
export async function writeAssetTree(source: string, publicDir: string): Promise<number> {
  const assets = join(publicDir, "assets");
  await rm(publicDir, { recursive: true, force: true });
  await mkdir(assets, { recursive: true });
  const manifest: Record<string, string> = {};
  for (const name of (await readdir(source)).toSorted()) {
    if (PLAIN.has(name)) await copyFile(join(source, name), join(publicDir, name));
    else manifest[name] = await writeFingerprinted(join(source, name), assets);
  }
  await writeFile(join(assets, ".manifest.json"), JSON.stringify(manifest, null, 2));
  return (await readdir(assets)).length;
}

async function writeFingerprinted(file: string, assets: string): Promise<string> {
  const body = await readFile(file);
  const extension = extname(file);
  const digest = createHash("sha1").update(body).digest("hex").slice(0, 8);
  const name = `${basename(file, extension)}-${digest}${extension}`;
  await writeFile(join(assets, name), body);
  await writeFile(join(assets, `${name}.gz`), gzipSync(body));
  return name;
}
