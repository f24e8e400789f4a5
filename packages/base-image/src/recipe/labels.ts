import type { RubyNodeRecipe } from "./ruby-node-options.ts";

/** The labels of a variant: what is in it, as the definition has it. */
export function rubyNodeLabels(recipe: RubyNodeRecipe, variant: string): Readonly<Record<string, string>> {
  return {
    "org.opencontainers.image.title": `${recipe.name} ${variant}`,
    "org.opencontainers.image.base.name": variant === "pdf" ? recipe.debianImage : recipe.rubyImage,
    "slipway.variant": variant,
    ...(variant === "pdf" ? pdfLabels(recipe) : programLabels(recipe)),
    "slipway.suite": recipe.suite,
  };
}

function programLabels({ ruby, node, manager, bundler }: RubyNodeRecipe): Readonly<Record<string, string>> {
  return {
    "slipway.ruby": ruby,
    "slipway.node": node,
    ...(manager === undefined ? {} : { "slipway.package-manager": `${manager.name}@${manager.version}` }),
    ...(bundler === undefined ? {} : { "slipway.bundler": bundler }),
  };
}

function pdfLabels({ pdf, node }: RubyNodeRecipe): Readonly<Record<string, string>> {
  return {
    ...(pdf?.node === true ? { "slipway.node": node } : {}),
    "slipway.fonts": pdf?.fonts.join(" ") ?? "",
  };
}
