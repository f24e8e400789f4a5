import { chmod } from "node:fs/promises";
import { join } from "node:path";

import { defineConfig, type RolldownOptions } from "rolldown";

import { thirdPartyNotices } from "../../scripts/third-party-notices.ts";
import manifest from "./package.json" with { type: "json" };

const config: RolldownOptions = defineConfig({
  input: { "asset-sync": "src/cli/main.ts" },
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
    thirdPartyNotices(),
    {
      name: "executable",
      writeBundle: (output) => chmod(join(output.dir ?? "dist/bundle", "asset-sync.mjs"), 0o755),
    },
  ],
});

export default config;
