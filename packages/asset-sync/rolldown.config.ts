import { chmod } from "node:fs/promises";
import { join } from "node:path";

import { contentType, types } from "mime-types";
import { defineConfig, type Plugin, type RolldownOptions } from "rolldown";

import { thirdPartyNotices } from "../../scripts/third-party-notices.ts";
import manifest from "./package.json" with { type: "json" };

/**
 * In place of mime-types, what it answers for every ending there is: the library works that out of a database of 160 KB in
 * each run, which takes longer than all of the program's own code.
 */
const mediaTypes: Plugin = {
  name: "media-types",
  // With filters: without, each of two thousand files is asked about in JavaScript.
  resolveId: { filter: { id: /^mime-types$/ }, handler: () => "\0media-types" },
  load: {
    filter: { id: /^\0media-types$/ },
    handler: () => `const ROWS = ${JSON.stringify(typeRows())};\n${READ_ROWS}`,
  },
};

const READ_ROWS = `
let types;
export function contentType(ending) {
  types ??= new Map(ROWS.flatMap(([type, endings]) => endings.split(" ").map((one) => [one, type])));
  return types.get(ending) ?? false;
}`;

/** Media types with their charset, and the endings of each. */
function typeRows(): readonly (readonly [type: string, endings: string])[] {
  const rows = new Map<string, string[]>();
  for (const ending of Object.keys(types).map((name) => `.${name}`)) {
    const type = contentType(ending);
    if (type !== false) rows.set(type, [...(rows.get(type) ?? []), ending]);
  }
  return [...rows].map(([type, endings]) => [type, endings.join(" ")]);
}

const config: RolldownOptions = defineConfig({
  input: { "asset-sync": "src/cli/main.ts", index: "src/index.ts" },
  platform: "node",
  transform: { define: { __VERSION__: JSON.stringify(manifest.version) } },
  output: {
    dir: "dist/bundle",
    format: "esm",
    entryFileNames: "[name].mjs",
    chunkFileNames: "chunks/[name]-[hash].mjs",
    minify: { compress: true, mangle: false },
    cleanDir: true,
  },
  plugins: [
    mediaTypes,
    thirdPartyNotices(),
    {
      name: "executable",
      writeBundle: (output) => chmod(join(output.dir ?? "dist/bundle", "asset-sync.mjs"), 0o755),
    },
  ],
});

export default config;
