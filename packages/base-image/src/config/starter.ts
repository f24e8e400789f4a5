import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** What a folder says about the versions it wants; nothing where it says nothing. */
export interface FolderSurvey {
  readonly ruby: string | undefined;
  readonly node: string | undefined;
  readonly packageManager: string | undefined;
  readonly bundledWith: string | undefined;
  readonly databases: readonly string[];
}

const PACKAGE = "@slipway/base-image";

/** Gems that need a database's client library. */
const DATABASE_GEMS: Readonly<Record<string, string>> = {
  mysql2: "mysql",
  trilogy: "mysql",
  pg: "postgresql",
  sqlite3: "sqlite",
};

/** Reads `.ruby-version`, `.node-version`, `Gemfile.lock` and `package.json`. */
export async function surveyFolder(folder: string): Promise<FolderSurvey> {
  const [ruby, node, lock, manifest] = await Promise.all(
    [".ruby-version", ".node-version", "Gemfile.lock", "package.json"].map((name) =>
      readFile(join(folder, name), "utf8").catch(() => ""),
    ),
  );
  const gems = [...(lock ?? "").matchAll(/^ {4}([\w-]+) \(/gm)].map((match) => match[1] ?? "");
  return {
    ruby: version(ruby ?? "") ?? version(/^RUBY VERSION\s+ruby (\S+)/m.exec(lock ?? "")?.[1] ?? ""),
    node: version(node ?? ""),
    packageManager: /"packageManager"\s*:\s*"([^"+]+)/.exec(manifest ?? "")?.[1],
    bundledWith: /^BUNDLED WITH\s+(\S+)/m.exec(lock ?? "")?.[1],
    databases: [...new Set(gems.flatMap((gem) => DATABASE_GEMS[gem] ?? []))],
  };
}

/** The text of a definition file; what the folder did not say has a default and a comment. */
export function writeDefinition(survey: FolderSurvey): string {
  const lines = [
    property("ruby", survey.ruby ?? "3.4", survey.ruby === undefined ? "no .ruby-version here" : "from .ruby-version"),
    property("node", survey.node ?? "24", survey.node === undefined ? "no .node-version here" : "from .node-version"),
    property("suite", "trixie", "the Debian release of both"),
    survey.packageManager === undefined
      ? '  // packageManager: "yarn@1.22.22", // as in package.json; without it the npm that comes with node'
      : property("packageManager", survey.packageManager, "from package.json"),
    survey.bundledWith === undefined
      ? '  // bundler: "2.5.22", // as under BUNDLED WITH in Gemfile.lock; without it the one that comes with ruby'
      : '  bundler: bundledWith(new URL("Gemfile.lock", import.meta.url)),',
    `  databases: ${JSON.stringify(survey.databases).replaceAll(",", ", ")}, // whose client libraries the image has`,
    '  // packages: { runtime: ["libvips42t64"], builder: [] }, // further Debian packages',
    '  // programs: ["@slipway/entrypoint", "@slipway/asset-sync"], // baked in from node_modules',
  ];
  const imports = survey.bundledWith === undefined ? "rubyNode" : "bundledWith, rubyNode";
  return `import { ${imports} } from ${JSON.stringify(PACKAGE)};\n\nexport default rubyNode({\n${lines.join("\n")}\n});\n`;
}

function property(key: string, value: string, comment: string): string {
  return `  ${key}: ${JSON.stringify(value)}, // ${comment}`;
}

function version(text: string): string | undefined {
  return /^(?:ruby-|v)?(\d+(?:\.\d+){0,2})/.exec(text.trim())?.[1];
}
