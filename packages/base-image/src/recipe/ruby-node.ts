import { from } from "../stage/base.ts";
import { defineImage, registered, type ImageDefinition } from "../stage/image.ts";
import { stage, type Stage } from "../stage/stage.ts";
import { addAppUser, APP_DIRECTORY, APP_USER, runAsAppUser, TINI_STATIC } from "./app-user.ts";
import { aptInstall } from "./apt.ts";
import { installBundler } from "./bundler.ts";
import { trust } from "./certificate.ts";
import { chromiumSource } from "./chromium.ts";
import { ciStage } from "./ci.ts";
import { copyNode } from "./copy-node.ts";
import { DATABASES } from "./databases.ts";
import { rubyEnvironment, setTimeZone } from "./environment.ts";
import { chooseFonts, fontPackages } from "./fonts.ts";
import { rubyNodeLabels } from "./labels.ts";
import { localeStage, PLAIN_LOCALE, setLocale } from "./locale.ts";
import { nodeSource } from "./node-source.ts";
import { pdfStage } from "./pdf.ts";
import { bakePrograms } from "./programs.ts";
import type { RubyNodeInput } from "./ruby-node-input.ts";
import { readRubyNode, type RubyNodeRecipe } from "./ruby-node-options.ts";
import { serverAccess } from "./server-access.ts";

/** A base image, with what its assertions are derived from. */
export interface RubyNodeImage extends ImageDefinition {
  readonly variants: Readonly<Record<"runtime" | "builder", Stage>> & Readonly<Partial<Record<"ci" | "pdf", Stage>>>;
  readonly recipe: RubyNodeRecipe;
}

/** What a check finds in every image of the recipe. */
const MEANT: Readonly<Record<string, string>> = {
  "final-user-missing": "builder runs as root: what is built on it installs packages",
};

/**
 * A base image of ruby and node: `runtime` has what production needs, `builder` adds compilers, git and headers; `ci` and
 * `pdf` are there when they are asked for. All run under tini; all but `builder` as {@link APP_USER}.
 * @throws BaseImageError for unknown keys, unsupported versions and mixed suites.
 */
export function rubyNode(input: RubyNodeInput): RubyNodeImage {
  const recipe = readRubyNode(input);
  const { name, programs, certificates } = recipe;
  const node = nodeSource(recipe);
  const locale = localeStage({ ...recipe, image: recipe.rubyImage, certificates: certificates.build });
  const base = baseStage(recipe, node, locale);
  const runtime = runtimeStage(recipe, base);
  const tools = toolsStage(recipe, node, base);
  const builder = builderStage(recipe, tools);
  const ci = recipe.ci === undefined ? undefined : ciStage(recipe, recipe.ci, tools);
  const chromium = recipe.pdf === undefined ? undefined : chromiumSource(recipe);
  const pdf = chromium === undefined ? undefined : pdfStage(recipe, { node, locale, chromium });
  const variants = { runtime, builder, ...(ci === undefined ? {} : { ci }), ...(pdf === undefined ? {} : { pdf }) };
  const all = [node, locale, base, runtime, tools, builder, ci, chromium, pdf];
  const stages = all.filter((each) => each !== undefined);
  const lint = { ignore: { ...MEANT, ...input.lint?.ignore } };
  const { repository, budget } = input;
  const definition = defineImage({
    name,
    programs,
    variants,
    lint,
    stages,
    ...(repository === undefined ? {} : { repository }),
    ...(budget === undefined ? {} : { budget }),
  });
  return registered({ ...definition, variants, recipe });
}

/** Whether a definition is one of {@link rubyNode}. */
export function isRubyNode(definition: ImageDefinition): definition is RubyNodeImage {
  return "recipe" in definition;
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
    .with(bakePrograms(recipe.programs))
    .with((so) => (recipe.programs.includes(ENTRYPOINT) ? so.run("entrypoint bake") : so))
    .label(rubyNodeLabels(recipe, "runtime"))
    .with(runAsAppUser);
}

/** Without the programs and labels of a variant: `builder` and `ci` share it. */
function toolsStage(recipe: RubyNodeRecipe, node: Stage, base: Stage): Stage {
  const headers = recipe.databases.map((database) => DATABASES[database].headers);
  const packages = ["build-essential", "git", "libyaml-dev", "pkg-config", "python3", ...headers];
  return stage("tools", base)
    .describe("What builds need: compilers, git and headers beside all that production has")
    .with(aptInstall([...packages, ...recipe.packages.builder], { certificates: recipe.certificates.build }))
    .comment("With the headers here, node-gyp downloads nothing")
    .copy("/usr/local/include/node/", "/usr/local/include/node/", { from: node })
    .env({ npm_config_nodedir: "/usr/local" });
}

function builderStage(recipe: RubyNodeRecipe, tools: Stage): Stage {
  return stage("builder", tools)
    .describe("What images are built with")
    .with(bakePrograms(recipe.programs))
    .label(rubyNodeLabels(recipe, "builder"));
}
