import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import type { Plugin } from "rolldown";

/** The file that a bundle carries the notices in. */
const NOTICES = "THIRD-PARTY-NOTICES.txt";

interface Manifest {
  readonly name?: string;
  readonly version?: string;
  readonly license?: string;
}

/**
 * Writes beside a bundle the licence of every package whose code is inside, each text once. A package without a licence, in its
 * manifest or as a file, fails the bundle.
 */
export function thirdPartyNotices(): Plugin {
  return {
    name: "third-party-notices",
    generateBundle(_, bundle) {
      const modules = Object.values(bundle).flatMap((output) => (output.type === "chunk" ? output.moduleIds : []));
      const folders = [...new Set(modules.flatMap(packageFolder))].toSorted();
      const byText = Map.groupBy(folders, licenceText);
      const notices = [...byText].map(([text, those]) => `${those.map(packageLine).join("\n")}\n\n${text}\n`);
      this.emitFile({ type: "asset", fileName: NOTICES, source: notices.join(`\n${"-".repeat(80)}\n\n`) });
    },
  };
}

/** The innermost folder in `node_modules` that a module belongs to. */
function packageFolder(module: string): readonly string[] {
  const found = /^\0?(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(module)?.[1];
  return found === undefined ? [] : [found];
}

function packageLine(folder: string): string {
  const { name, version, license } = readManifest(folder);
  return [`${name} ${version}`, license ?? []].flat().join(", ");
}

function licenceText(folder: string): string {
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|notice|copying)/i.test(file));
  const { name = folder, license } = readManifest(folder);
  if (files.length === 0 && license === undefined) throw new Error(`${name} names no licence`);
  return files.map((file) => readFileSync(join(folder, file), "utf8").trim()).join("\n\n");
}

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
}
