import { chmod, cp } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

import { defineConfig, type Plugin, type RolldownOptions } from "rolldown";

import { thirdPartyNotices } from "../../scripts/third-party-notices.ts";

const dockerode = dirname(createRequire(import.meta.url).resolve("dockerode"));

const complete: Plugin = {
  name: "complete",
  writeBundle: async ({ dir = "." }) => {
    await chmod(join(dir, "base-image.mjs"), 0o755);
    // dockerode reads the description of BuildKit's session from beside its own code.
    await cp(join(dockerode, "proto"), join(dir, "proto"), { recursive: true });
  },
};

/** The library and the program with what they need inside: an installation fetches nothing else and runs no script. */
const config: RolldownOptions = defineConfig({
  input: {
    index: join(import.meta.dirname, "src/index.ts"),
    "base-image": join(import.meta.dirname, "src/cli/main.ts"),
  },
  platform: "node",
  // Native parts of ssh2, which it does without where they are missing.
  external: ["cpu-features", /\.node$/, /^node:/],
  plugins: [complete, thirdPartyNotices()],
  output: {
    dir: join(import.meta.dirname, "dist/bundle"),
    format: "esm",
    entryFileNames: "[name].mjs",
    chunkFileNames: "[name]-[hash].mjs",
    intro: "const __dirname = import.meta.dirname;",
    comments: false,
    minify: false,
    cleanDir: true,
  },
});

export default config;
