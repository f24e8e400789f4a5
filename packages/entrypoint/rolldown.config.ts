import { chmodSync } from "node:fs";
import { join } from "node:path";

import { build, defineConfig, type Plugin, type RolldownOptions } from "rolldown";

import { thirdPartyNotices } from "../../scripts/third-party-notices.ts";
import manifest from "./package.json" with { type: "json" };

/** What all code of the bundle is built with. */
const common: RolldownOptions = {
  platform: "node",
  // pg-native is optional and native; pg falls back to its own JavaScript.
  external: ["pg-native", /^node:/],
};

/**
 * The file that is executed: it knows the program's own file, whose name changes with its content, and runs it from its
 * compiled form where there is one.
 */
const launcher: Plugin = {
  name: "launcher",
  generateBundle: async function (_, bundle) {
    const program = Object.values(bundle).find((chunk) => chunk.type === "chunk" && chunk.isEntry)?.fileName;
    const { output } = await build({
      ...common,
      input: join(import.meta.dirname, "src/cli/launch.ts"),
      transform: { target: "node22", define: { __PROGRAM__: JSON.stringify(program) } },
      output: { format: "cjs", banner: "#!/usr/bin/env node", comments: false },
      write: false,
    });
    this.emitFile({ type: "asset", fileName: "entrypoint.cjs", source: output[0].code });
  },
  // A file with a first line that names its interpreter is of use only when it may be executed.
  writeBundle: ({ dir = "." }) => chmodSync(join(dir, "entrypoint.cjs"), 0o755),
};

/** Node's own modules are asked for without `import()`, which would load Node's ESM loader first. */
const builtins: Plugin = {
  name: "builtins",
  transform: (code) => code.replace(/\bimport\((?="node:)/g, "process.getBuiltinModule("),
};

/** What the rows of keys and errors mean is for editors and documentation; the program never prints it. */
const meanings: Plugin = {
  name: "meanings",
  transform: (code) => code.replace(/\bmeaning:\s*"(?:[^"\\]|\\.)*"/g, 'meaning: ""'),
};

/** rolldown requires the file of its own functions in every chunk that once needed it, also where nothing of it is left. */
const unused: Plugin = {
  name: "unused",
  renderChunk: (code) => {
    const [line = "", name = ""] = /^const (require_rolldown_runtime) = require\(.*\);\n/m.exec(code) ?? [];
    return name !== "" && code.split(name).length === 2 ? code.replace(line, "") : null;
  },
};

/** CommonJS, which starts faster than ESM: the program in one file, and chunks beside it that are loaded when their task comes. */
export default defineConfig({
  ...common,
  input: { program: join(import.meta.dirname, "src/cli/program.ts") },
  // Node 22 has no `using`.
  transform: { target: "node22", define: { __VERSION__: JSON.stringify(manifest.version) } },
  plugins: [builtins, meanings, unused, launcher, thirdPartyNotices()],
  // So that the entry and what it imports are one file.
  preserveEntrySignatures: "allow-extension",
  output: {
    dir: join(import.meta.dirname, "dist/bundle"),
    format: "cjs",
    entryFileNames: "[name]-[hash].cjs",
    chunkFileNames: "[name]-[hash].cjs",
    // What the entry imports without waiting stands in its own file: each further one costs a start a millisecond.
    codeSplitting: { groups: [{ name: "start", tags: ["$initial"] }] },
    comments: false,
    minify: false,
    cleanDir: true,
  },
});
