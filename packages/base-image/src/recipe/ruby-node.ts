import { from } from "../stage/base.ts";
import { defineImage, PROGRAMS_PATH, registered, type ImageDefinition } from "../stage/image.ts";
import { stage, type Stage } from "../stage/stage.ts";
import { aptInstall } from "./apt.ts";
import { installBundler } from "./bundler.ts";
import { copyNode, installPackageManager } from "./copy-node.ts";
import { DATABASES } from "./databases.ts";
import { readRubyNode, type RubyNodeInput, type RubyNodeRecipe } from "./ruby-node-options.ts";

/** The user an image runs as; the ids stay the same so that volumes and COPY --chown can rely on them. */
export const APP_USER: Readonly<{ name: string; uid: number; gid: number }> = { name: "app", uid: 1000, gid: 1000 };

/** The folder that belongs to {@link APP_USER}. */
export const APP_DIRECTORY = "/app";

/** A base image, with what its assertions are derived from. */
export interface RubyNodeImage extends ImageDefinition {
  readonly variants: Readonly<Record<"runtime" | "builder", Stage>>;
  readonly recipe: RubyNodeRecipe;
}

/** What a check finds in every image of the recipe. */
const MEANT: Readonly<Record<string, string>> = {
  "final-user-missing": "builder runs as root: what is built on it installs packages",
};

/**
 * A base image of ruby and node, in two variants: `runtime` has what production needs; `builder` adds compilers, git and
 * headers. Both run under tini; `runtime` as {@link APP_USER}, `builder` as root.
 * @throws BaseImageError for unknown keys, unsupported versions and mixed suites.
 */
export function rubyNode(input: RubyNodeInput): RubyNodeImage {
  const recipe = readRubyNode(input);
  const node = stage("node", from(recipe.nodeImage));
  const base = baseStage(recipe, node);
  const runtime = runtimeStage(recipe, base);
  const builder = builderStage(recipe, node, base);
  const variants = { runtime, builder };
  const { name, programs } = recipe;
  const lint = { ignore: { ...MEANT, ...input.lint?.ignore } };
  const definition = defineImage({ name, programs, variants, lint, stages: [node, base, runtime, builder] });
  return registered({ ...definition, variants, recipe });
}

/** Whether a definition is one of {@link rubyNode}. */
export function isRubyNode(definition: ImageDefinition): definition is RubyNodeImage {
  return "recipe" in definition;
}

/** The labels of a variant: what is in it, as the definition has it. */
export function rubyNodeLabels(recipe: RubyNodeRecipe, variant: string): Readonly<Record<string, string>> {
  const { manager, bundler } = recipe;
  return {
    "org.opencontainers.image.title": `${recipe.name} ${variant}`,
    "org.opencontainers.image.base.name": recipe.rubyImage,
    "slipway.variant": variant,
    "slipway.ruby": recipe.ruby,
    "slipway.node": recipe.node,
    "slipway.suite": recipe.suite,
    ...(manager === undefined ? {} : { "slipway.package-manager": `${manager.name}@${manager.version}` }),
    ...(bundler === undefined ? {} : { "slipway.bundler": bundler }),
  };
}

/** All that does not change with the programs: they come last, so that a new one leaves every layer here as it is. */
function baseStage(recipe: RubyNodeRecipe, node: Stage): Stage {
  const { name, uid, gid } = APP_USER;
  const { manager, bundler } = recipe;
  const libraries = recipe.databases.map((database) => DATABASES[database].runtime);
  const jemalloc = recipe.jemalloc ? ["libjemalloc2"] : [];
  const packages = ["ca-certificates", "tini", "tzdata", ...jemalloc, ...libraries, ...recipe.nodeRule.packages];
  return stage("base", from(recipe.rubyImage))
    .describe("What both variants have: ruby, node and the libraries these need")
    .with(aptInstall([...packages, ...recipe.packages.runtime]))
    .run(
      [
        `groupadd --gid ${gid} ${name}`,
        `useradd --uid ${uid} --gid ${gid} --create-home --shell /bin/bash ${name}`,
        `install --directory --owner=${name} --group=${name} ${APP_DIRECTORY}`,
        "rm -rf /var/log/lastlog /var/log/faillog",
      ].join(" && "),
    )
    .with(copyNode({ node, version: recipe.node, rule: recipe.nodeRule, manager }))
    .with(installPackageManager(manager))
    .with(installBundler(bundler, `${uid}:${gid}`))
    .with((so) => (recipe.jemalloc ? so.env({ LD_PRELOAD: "libjemalloc.so.2" }) : so))
    .workdir(APP_DIRECTORY)
    .entrypoint(["/usr/bin/tini", "--"])
    .cmd(["irb"]);
}

/** Compiles itself for the image's own Node, which saves every container the time. */
const ENTRYPOINT = "@slipway/entrypoint";

function runtimeStage(recipe: RubyNodeRecipe, base: Stage): Stage {
  return stage("runtime", base)
    .describe("What production runs on")
    .with((so) => bakePrograms(so, recipe.programs))
    .with((so) => (recipe.programs.includes(ENTRYPOINT) ? so.run("entrypoint bake") : so))
    .label(rubyNodeLabels(recipe, "runtime"))
    .user(`${APP_USER.uid}:${APP_USER.gid}`);
}

function builderStage(recipe: RubyNodeRecipe, node: Stage, base: Stage): Stage {
  const headers = recipe.databases.map((database) => DATABASES[database].headers);
  const packages = ["build-essential", "git", "libyaml-dev", "pkg-config", "python3", ...headers];
  return stage("builder", base)
    .describe("What builds need: compilers, git and headers beside all that production has")
    .with(aptInstall([...packages, ...recipe.packages.builder]))
    .comment("With the headers here, node-gyp downloads nothing")
    .copy("/usr/local/include/node/", "/usr/local/include/node/", { from: node })
    .env({ npm_config_nodedir: "/usr/local" })
    .with((so) => bakePrograms(so, recipe.programs))
    .label(rubyNodeLabels(recipe, "builder"));
}

function bakePrograms(so: Stage, programs: readonly string[]): Stage {
  if (programs.length === 0) return so;
  return so.comment("The programs, each in lib/slipway with a link in bin").copy(PROGRAMS_PATH, "/usr/local/");
}
