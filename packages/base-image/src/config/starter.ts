import { dirname, extname, resolve } from "node:path";

import { BaseImageError } from "../errors.ts";
import { findDefaultConfig } from "./load.ts";
import { isModuleFolder } from "./manifest.ts";
import { DEFAULTS, surveyFolder, type FolderSurvey, type FoundVersion } from "./survey.ts";

/** A definition file that is to be written. */
export interface Starter {
  /** The name people know it by. */
  readonly name: string;
  readonly file: string;
  readonly survey: FolderSurvey;
  readonly text: string;
}

const PACKAGE = "@slipway/base-image";

/**
 * Plans the definition file for a folder. Without a name it is `base-image.config.ts` where node takes that for an ES
 * module, `base-image.config.mts` elsewhere.
 * @throws BaseImageError when there is one already, or the folder cannot be read or asks for what there is not.
 */
export async function planStarter(config: string | undefined): Promise<Starter> {
  const existing = config === undefined ? await findDefaultConfig() : undefined;
  if (existing !== undefined) throw new BaseImageError("BASE_IMAGE_FILE_EXISTS", `${existing} is already there`);
  const folder = config === undefined ? process.cwd() : dirname(resolve(config));
  const modules = await isModuleFolder(folder);
  const name = config ?? `base-image.config.${modules ? "ts" : "mts"}`;
  assertModule(name, modules);
  const survey = await surveyFolder(folder);
  return { name, file: resolve(name), survey, text: writeDefinition(survey) };
}

/** The text of a definition file; what the folder did not say has a default and a comment. */
export function writeDefinition(survey: FolderSurvey): string {
  const lines = [
    property("ruby", survey.ruby.version ?? DEFAULTS.ruby, noteOf(survey.ruby)),
    property("node", survey.node.version ?? DEFAULTS.node, noteOf(survey.node)),
    property("suite", DEFAULTS.suite, "the Debian release of both"),
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

function assertModule(name: string, modules: boolean): void {
  const extension = extname(name);
  if ([".mts", ".mjs"].includes(extension)) return;
  if (![".ts", ".js"].includes(extension)) {
    throw new BaseImageError("BASE_IMAGE_USAGE", `--config is ${name}; expected a name in .ts or .mts`);
  }
  if (modules) return;
  throw new BaseImageError("BASE_IMAGE_USAGE", `${name} would not be an ES module: no package.json here says so`, {
    hint: `Name it ${name.replace(/\.([tj]s)$/, ".m$1")}, or set "type": "module" in package.json.`,
  });
}

function noteOf({ version, note }: FoundVersion): string {
  return version === undefined ? `the default: ${note}` : note;
}

function property(key: string, value: string, comment: string): string {
  return `  ${key}: ${JSON.stringify(value)}, // ${comment}`;
}
