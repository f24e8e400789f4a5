import { chmodSync } from "node:fs";
import { join } from "node:path";

import { defineConfig, type Plugin } from "rolldown";

import manifest from "./package.json" with { type: "json" };

/** A file with a first line that names its interpreter is of use only when it may be executed. */
const executable: Plugin = {
  name: "executable",
  writeBundle: ({ dir = "." }, bundle) => {
    for (const chunk of Object.values(bundle)) {
      if (chunk.type === "chunk" && chunk.isEntry) chmodSync(join(dir, chunk.fileName), 0o755);
    }
  },
};

/** One CommonJS file, which starts faster than ESM, and chunks beside it that are loaded when their task comes. */
export default defineConfig({
  input: { entrypoint: join(import.meta.dirname, "src/cli/program.ts") },
  platform: "node",
  // pg-native is optional and native; pg falls back to its own JavaScript.
  external: ["pg-native", /^node:/],
  // Node 22 has no `using`.
  transform: { target: "node22", define: { __VERSION__: JSON.stringify(manifest.version) } },
  plugins: [executable],
  output: {
    dir: join(import.meta.dirname, "dist/bundle"),
    format: "cjs",
    banner: (chunk) => (chunk.isEntry ? "#!/usr/bin/env node" : ""),
    entryFileNames: "[name].cjs",
    chunkFileNames: "[name]-[hash].cjs",
    // What the entry imports without waiting stands in its own file: each further one costs a start a millisecond.
    codeSplitting: { groups: [{ name: "start", tags: ["$initial"] }] },
    comments: false,
    minify: false,
    cleanDir: true,
  },
});
