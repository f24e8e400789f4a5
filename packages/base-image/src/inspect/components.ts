import type { ImageProbe } from "./image-probe.ts";

/** Something in an image that no package database of it names. */
export interface Component {
  readonly name: string;
  readonly version: string;
  /** Its package URL. @see https://github.com/package-url/purl-spec */
  readonly purl: string;
  /** What contains it, when it is compiled into another component. */
  readonly within?: string;
}

/** Reads what node is made of, and the package managers that lie where the official images and the recipe put them. */
const NODE_SCRIPT = `
const { readFileSync, readdirSync, existsSync } = require("node:fs");
const { dirname, join } = require("node:path");
const prefix = dirname(dirname(process.execPath));
const list = (folder) => (existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : []);
const modules = join(prefix, "lib", "node_modules");
const folders = [...list(modules), ...list(join(modules, "@yarnpkg")), ...list("/opt")];
const packages = folders.flatMap((folder) => {
  try { return [JSON.parse(readFileSync(join(folder, "package.json"), "utf8"))]; } catch { return []; }
});
console.log(JSON.stringify({ versions: process.versions, packages: packages.map(({ name, version }) => ({ name, version })) }));
`;

const RUBY_SCRIPT = `
require "json"; require "rubygems"; require "bundler"
puts JSON.generate({ ruby: RUBY_VERSION, bundler: Bundler::VERSION })
`;

/** Names in `process.versions` that are no libraries. */
const NO_LIBRARIES = new Set(["node", "modules", "napi"]);

/**
 * Asks an image for ruby, node with the libraries compiled into it, npm and the package managers; nothing for what is not
 * there. What it finds is what the programs say of themselves, to the last digit.
 */
export async function componentsOf(probe: ImageProbe): Promise<readonly Component[]> {
  const [node, ruby] = [
    await answerOf(probe, ["node", "-e", NODE_SCRIPT]),
    await answerOf(probe, ["ruby", "-e", RUBY_SCRIPT]),
  ];
  const { versions = {}, packages = [] } = node as NodeAnswer;
  const { ruby: rubyVersion, bundler } = ruby as RubyAnswer;
  return [
    ...(rubyVersion === undefined ? [] : [generic("ruby", rubyVersion)]),
    ...(bundler === undefined ? [] : [{ name: "bundler", version: bundler, purl: `pkg:gem/bundler@${bundler}` }]),
    ...(versions["node"] === undefined ? [] : [generic("node", versions["node"])]),
    ...packages.map(({ name, version }) => ({ name, version, purl: npmUrl(name, version) })),
    ...Object.entries(versions)
      .filter(([name, version]) => !NO_LIBRARIES.has(name) && version !== "")
      .map(([name, version]) => ({ ...generic(name, version), within: "node" })),
  ];
}

interface NodeAnswer {
  readonly versions?: Readonly<Record<string, string>>;
  readonly packages?: readonly { readonly name: string; readonly version: string }[];
}

interface RubyAnswer {
  readonly ruby?: string;
  readonly bundler?: string;
}

async function answerOf(probe: ImageProbe, command: readonly string[]): Promise<object> {
  const { exitCode, output } = await probe.run({ command, entrypoint: false });
  const line = output.split("\n").find((each) => each.startsWith("{"));
  return exitCode === 0 && line !== undefined ? (JSON.parse(line) as object) : {};
}

function generic(name: string, version: string): Component {
  return { name, version, purl: `pkg:generic/${encodeURIComponent(name)}@${encodeURIComponent(version)}` };
}

/** The `@` of a scope is written `%40`. */
function npmUrl(name: string, version: string): string {
  return `pkg:npm/${name.replace(/^@/, "%40")}@${version}`;
}
