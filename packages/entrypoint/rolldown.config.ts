import { chmodSync } from "node:fs";
import { dirname, join, relative } from "node:path";

import { build, defineConfig, type Plugin, type RolldownOptions } from "rolldown";

import { thirdPartyNotices } from "../../scripts/third-party-notices.ts";
import manifest from "./package.json" with { type: "json" };

const SOURCE = join(import.meta.dirname, "src");

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

/** What most starts do not need. All that these modules export and others import is functions. */
const DEFERRED: ReadonlySet<string> = new Set([
  "boot/overrides.ts",
  "boot/processes.ts",
  "boot/read-task.ts",
  "boot/spelling.ts",
  "boot/subject.ts",
  "boot/refuse-url.ts",
  "entrykit/expand.ts",
  "entrykit/failure.ts",
  "entrykit/symlink.ts",
  "error-row.ts",
  "process/leash.ts",
  "task/elected-command.ts",
  "task/first-boot.ts",
  "task/rails-lock/ready.ts",
]);

/** A module of {@link DEFERRED} is loaded when one of its functions is called, as with JavaScript's `import defer`. */
const deferred: Plugin = {
  name: "deferred",
  transform: (code, id) => {
    const isDeferred = DEFERRED.has(relative(SOURCE, id));
    if (isDeferred && /^export (const|let|class|default|\*|\{)/m.test(code))
      throw new Error(`${id} is deferred, so it may export functions and types alone`);
    return code.replace(/^import \{([^}]*)\} from "(\.{1,2}\/[^"]*)";$/gm, (statement, names: string, from: string) => {
      const file = relative(SOURCE, join(dirname(id), from));
      if (!id.startsWith(SOURCE) || !DEFERRED.has(file)) return statement;
      const functions = names.split(",").map((name) => name.trim());
      return functions
        .filter((name) => name !== "" && !name.startsWith("type "))
        .map((name) => `const ${name} = (...words) => __DEFERRED__(import("${from}")).${name}(...words);`)
        .join(" ");
    });
  },
  renderChunk: (code) => {
    const own = code.replace(
      /__DEFERRED__\(Promise\.resolve\(\)\.then\(\(\) => require\(("[^"]*")\)\)(?:\.then\(\(n\) => n\.(\w+)\))?\)/g,
      (_, file: string, namespace?: string) => `require(${file})${namespace === undefined ? "" : `.${namespace}`}`,
    );
    if (own.includes("__DEFERRED__")) throw new Error("a deferred module stands in the file of what defers it");
    return own;
  },
};

/**
 * rolldown makes namespaces with a function of its own, and requires the file of its functions in every chunk that once needed
 * one, also where nothing of it is left. An object of getters needs neither.
 */
const namespaces: Plugin = {
  name: "namespaces",
  renderChunk: (code) => {
    const own = code.replace(
      /\/\* @__PURE__ \*\/ require_rolldown_runtime\.__exportAll\((\{[^{}]*\})\)/g,
      (_, thunks: string) => thunks.replace(/(\w+): \(\) => (\w+)/g, "get $1() { return $2; }"),
    );
    const [line = "", name = ""] = /^const (require_rolldown_runtime) = require\(.*\);\n/m.exec(own) ?? [];
    return name !== "" && own.split(name).length === 2 ? own.replace(line, "") : null;
  },
};

/**
 * What the launcher runs: a function as Node makes of a module, so that it need not put the text together, in ASCII alone, as V8
 * keeps a text with any other character in twice the memory.
 */
const wrapped: Plugin = {
  name: "wrapped",
  renderChunk: {
    order: "post",
    handler: (code) => `(function (exports, require, module, __filename, __dirname) { ${escapeWide(code)}\n})`,
  },
};

function escapeWide(code: string): string {
  return code.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** CommonJS, which starts faster than ESM: what all starts need in one file, and chunks beside it that are loaded when their task comes. */
export default defineConfig({
  ...common,
  input: { program: join(import.meta.dirname, "src/cli/program.ts") },
  // Node 22 has no `using`.
  transform: { target: "node22", define: { __VERSION__: JSON.stringify(manifest.version) } },
  plugins: [builtins, meanings, deferred, namespaces, wrapped, launcher, thirdPartyNotices()],
  // So that the entry and what it imports are one file.
  preserveEntrySignatures: "allow-extension",
  output: {
    dir: join(import.meta.dirname, "dist/bundle"),
    format: "cjs",
    entryFileNames: "[name]-[hash].cjs",
    chunkFileNames: "[name]-[hash].cjs",
    // What all starts need stands in the entry's own file, and what `run`, entrykit's names, tasks, a look at the schema and PostgreSQL
    // need in one more each: every further file takes time of a start.
    codeSplitting: {
      groups: [
        { name: "start", test: /\/src\/(cli\/program|process\/(hand-over|open-files))\.ts$/, priority: 1 },
        { name: "run", test: /\/src\/cli\/run\.ts$/ },
        { name: "entrykit", test: /\/src\/cli\/entrykit\.ts$/ },
        { name: "tasks", test: /\/src\/boot\/(read-task|refuse-url|subject|release)\.ts$/ },
        { name: "schema", test: /\/src\/task\/(migrate|wait-for)\.ts$/ },
        {
          name: "postgres",
          test: /\/src\/task\/(pending\/postgres-versions|probe\/postgres)\.ts$/,
        },
      ],
    },
    comments: false,
    minify: false,
    cleanDir: true,
  },
});
