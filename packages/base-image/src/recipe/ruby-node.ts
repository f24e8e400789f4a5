import { from } from "../stage/base.ts";
import { defineImage, PROGRAMS_PATH, registered, type ImageDefinition } from "../stage/image.ts";
import { stage, type Stage } from "../stage/stage.ts";
import { addAppUser, APP_DIRECTORY, APP_USER, TINI_STATIC } from "./app-user.ts";
import { aptInstall } from "./apt.ts";
import { installBundler } from "./bundler.ts";
import { trust } from "./certificate.ts";
import { copyNode } from "./copy-node.ts";
import { DATABASES } from "./databases.ts";
import { rubyEnvironment, setTimeZone } from "./environment.ts";
import { chooseFonts, fontPackages } from "./fonts.ts";
import { localeStage, PLAIN_LOCALE, setLocale } from "./locale.ts";
import { nodeSource } from "./node-source.ts";
import type { RubyNodeInput } from "./ruby-node-input.ts";
import { readRubyNode, type RubyNodeRecipe } from "./ruby-node-options.ts";
import { serverAccess } from "./server-access.ts";

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
  const node = nodeSource(recipe);
  const locale = localeStage({ ...recipe, image: recipe.rubyImage, certificates: recipe.certificates.build });
  const base = baseStage(recipe, node, locale);
  const runtime = runtimeStage(recipe, base);
  const builder = builderStage(recipe, node, base);
  const variants = { runtime, builder };
  const { name, programs } = recipe;
  const lint = { ignore: { ...MEANT, ...input.lint?.ignore } };
  const { repository, budget } = input;
  const definition = defineImage({
    name,
    programs,
    variants,
    lint,
    stages: [node, ...(locale === undefined ? [] : [locale]), base, runtime, builder],
    ...(repository === undefined ? {} : { repository }),
    ...(budget === undefined ? {} : { budget }),
  });
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
function baseStage(recipe: RubyNodeRecipe, node: Stage, locale: Stage | undefined): Stage {
  const { bundler, certificates } = recipe;
  return stage("base", from(recipe.rubyImage))
    .describe("What all variants have: ruby, node and the libraries these need")
    .with(aptInstall(basePackages(recipe), { certificates: certificates.build, without: [TINI_STATIC] }))
    .with(addAppUser)
    .with(trust(certificates.runtime))
    .with(setTimeZone(recipe.timeZone))
    .with(recipe.locale === PLAIN_LOCALE ? (so) => so : setLocale(recipe.locale, locale))
    .with(chooseFonts(recipe.fonts))
    .with(copyNode(recipe, node))
    .with(installBundler(bundler, `${APP_USER.uid}:${APP_USER.gid}`, serverAccess(certificates.build)))
    .with(rubyEnvironment(recipe))
    .workdir(APP_DIRECTORY)
    .entrypoint(["/usr/bin/tini", "--"])
    .cmd(["irb"]);
}

/** Compiles itself for the image's own Node, which saves every container the time. */
const ENTRYPOINT = "@slipway/entrypoint";

/** The Debian packages that every variant with ruby has. */
function basePackages({ databases, jemalloc, nodeRule, fonts, packages }: RubyNodeRecipe): readonly string[] {
  const libraries = databases.map((database) => DATABASES[database].runtime);
  const allocator = jemalloc ? ["libjemalloc2"] : [];
  const own = ["ca-certificates", "tini", "tzdata", ...allocator, ...libraries, ...nodeRule.packages];
  return [...own, ...fontPackages(fonts), ...packages.runtime];
}

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
    .with(aptInstall([...packages, ...recipe.packages.builder], { certificates: recipe.certificates.build }))
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
