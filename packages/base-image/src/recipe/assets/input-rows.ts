import type { AppSurvey } from "./app-survey.ts";
import { tailwindContent } from "./tailwind.ts";

/** A class of things that assets are made of. */
export interface InputRow {
  readonly name: string;
  /** Why the assets may change with them. */
  readonly reason: string;
  /**
   * Patterns as in a .dockerignore, taken where something is there: one without `*` may be a folder, which is taken whole;
   * `.` is the whole application.
   */
  readonly paths: readonly string[] | ((app: AppSurvey) => readonly string[]);
}

/** Extensions of configuration that is itself a program or data. */
const ANY = ["js", "cjs", "mjs", "ts", "cts", "mts", "json", "yml", "yaml"];
const configs = (...names: readonly string[]): readonly string[] =>
  names.flatMap((name) => ANY.map((ending) => `${name}.config.${ending}`));

/** Paths with blanks between them. */
const listed = (...lines: readonly string[]): readonly string[] => lines.flatMap((line) => line.split(" "));

/** What tells that an initializer has to do with assets. */
const ABOUT_ASSETS =
  /\bassets?\b|asset_host|dartsass|importmap|propshaft|sprockets|sassc?\b|shakapacker|webpacker|\bvite|tailwind|relative_url_root/i;

/** Constants that assets with ERB may use without anything of the application. */
const KNOWN_CONSTANTS = /\b(?:Rails|ENV|Time|Date|JSON|ERB|I18n|URI)\b/g;

/** What assets are made of, in the order a stage copies it: what changes seldom first. */
export const INPUT_ROWS: readonly InputRow[] = [
  {
    name: "gems",
    reason: "The gems compile the assets and bring some of their own",
    paths: (app) => [
      ...listed(".ruby-version .tool-versions Gemfile Gemfile.lock gems.rb gems.locked"),
      ...pathGems(app),
    ],
  },
  {
    name: "packages",
    reason: "The JavaScript packages are in the bundles, and compile them",
    paths: listed(
      "package.json yarn.lock package-lock.json npm-shrinkwrap.json pnpm-lock.yaml bun.lock bun.lockb",
      "pnpm-workspace.yaml .pnpmfile.cjs .npmrc .yarnrc .yarnrc.yml .node-version .nvmrc .yarn/plugins",
      ".yarn/releases .yarn/patches patches",
    ),
  },
  {
    name: "rails",
    reason: "Rails starts before it compiles",
    paths: [
      ...listed(
        "Rakefile config/boot.rb config/application.rb config/environment.rb config/environments/production.rb",
        "config/database.yml",
      ),
      ...["rails", "rake", "yarn", "vite", "shakapacker", "webpacker", "webpack", "importmap"].map(
        (bin) => `bin/${bin}`,
      ),
    ],
  },
  {
    name: "initializers",
    reason: "Initializers that say where assets are or how they are compiled",
    paths: ({ texts }) =>
      [...texts].flatMap(([file, text]) =>
        file.startsWith("config/initializers/") && ABOUT_ASSETS.test(code(text)) ? [file] : [],
      ),
  },
  { name: "tasks", reason: "Tasks may be hung onto assets:precompile", paths: ["lib/tasks"] },
  {
    name: "tools",
    reason: "The configuration of what compiles, bundles and translates",
    paths: [
      ...configs("webpack", "rspack", "vite", "esbuild", "rollup", "rolldown", "bun", "postcss", "tailwind", "babel"),
      ...configs("svelte", "config/tailwind", "config/vite", "config/esbuild"),
      ...listed(
        "tsconfig*.json jsconfig.json .babelrc* .browserslistrc .postcssrc* .swcrc .sassrc*",
        "config/importmap.rb config/webpack config/rspack config/webpacker.yml config/shakapacker.yml",
        "config/vite.json config/manifest.js config/dartsass.yml",
      ),
    ],
  },
  { name: "scripts", reason: "The scripts of package.json run or read them", paths: inScripts },
  {
    name: "sources",
    reason: "The assets' own sources",
    paths: (app) => [
      ...listed("vendor/assets vendor/javascript lib/assets app/assets app/frontend app/javascript"),
      ...sourceFolders(app),
    ],
  },
  {
    name: "translations",
    reason: "i18n-js writes the translations into JavaScript",
    paths: ({ gems, packages }) =>
      gems.has("i18n-js") || packages.has("i18n-js") ? ["config/i18n.yml", "config/i18n-js.yml", "config/locales"] : [],
  },
  {
    name: "routes",
    reason: "js-routes or js_from_routes writes the routes into JavaScript",
    paths: ({ gems }) =>
      ["js-routes", "js_from_routes"].some((gem) => gems.has(gem)) ? ["config/routes.rb", "config/routes"] : [],
  },
  {
    name: "templates",
    reason: "Assets with ERB use classes of the application",
    paths: ({ texts }) => ([...texts].some(usesApplication) ? ["app", "lib", "config"] : []),
  },
  { name: "tailwind", reason: "Tailwind writes the classes it finds in them", paths: tailwindContent },
];

/** Gems that lie in the application itself, as the lock names them. */
function pathGems({ texts }: AppSurvey): readonly string[] {
  const lock = texts.get("Gemfile.lock") ?? texts.get("gems.locked") ?? "";
  return [...lock.matchAll(/^PATH\n {2}remote: (\S+)$/gm)].flatMap(([, remote = ""]) =>
    remote === "." || remote.startsWith("/") || remote.startsWith("..") ? [] : [remote.replace(/^\.\//, "")],
  );
}

/** Where Shakapacker and vite_rails look for sources beside the usual folders. */
function sourceFolders({ texts }: AppSurvey): readonly string[] {
  const shakapacker = texts.get("config/shakapacker.yml") ?? texts.get("config/webpacker.yml") ?? "";
  const vite = texts.get("config/vite.json") ?? "";
  const one = [/^\s*source_path:\s*["']?([\w./-]+)/gm, /^\s+-\s*["']?([\w./-]+\/[\w./-]+)/gm];
  const many = [/"sourceCodeDir"\s*:\s*"([^"]+)"/g, /"(\w[\w./-]*)\/\*\*[^"]*"/g];
  const found = [...one.map((find) => shakapacker.matchAll(find)), ...many.map((find) => vite.matchAll(find))];
  return found.flatMap((matches) => [...matches].map(([, path = ""]) => path.replace(/\/$/, "")));
}

/** The words of package.json's scripts that are paths; those that are not there are not taken. */
function inScripts({ texts }: AppSurvey): readonly string[] {
  const manifest: { readonly scripts?: Readonly<Record<string, string>> } = JSON.parse(
    texts.get("package.json") ?? "{}",
  );
  const words = Object.values(manifest.scripts ?? {}).flatMap((script) => script.split(/[\s"'=:;&|]+/));
  const paths = words.map((word) => word.replace(/^\.\//, "").replace(/\/?(?:\*.*)?$/, ""));
  return paths.filter((path) => /[./]/.test(path) && !path.startsWith("public") && !path.startsWith(".."));
}

function usesApplication([file, text]: readonly [string, string]): boolean {
  if (!/\.(?:js|css|scss|sass)\.erb$/.test(file)) return false;
  const ruby = [...text.matchAll(/<%=?([^]*?)%>/g)].map(([, body = ""]) => body.replaceAll(KNOWN_CONSTANTS, ""));
  return ruby.some((body) => /\b[A-Z]\w*/.test(body.replaceAll(/["'][^"']*["']/g, "")));
}

/** Ruby without its comments. */
function code(ruby: string): string {
  return ruby.replaceAll(/^\s*#.*$/gm, "");
}
