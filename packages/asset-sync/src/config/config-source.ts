import type { AssetSyncConfig } from "./definition.ts";
import type { GemConfig } from "./gem-config.ts";

const PACKAGE = "@slipway/asset-sync";

/** Why each key that `import` can write is there, for whoever comes from the gem. */
const COMMENTS: { readonly [name in keyof AssetSyncConfig]?: string } = {
  enabled: "This environment serves its own assets.",
  to: "fog_directory: keys are PREFIX/path, as they were.",
  dirs: "prefix: the folder below public. Name packs or vite here, if the app has them.",
  publicDir: "public_path",
  region: "fog_region",
  endpoint: "fog_host, fog_port, fog_scheme",
  pathStyle: "fog_path_style",
  acl: "fog_public, aws_acl: take it out where the bucket has ACLs disabled, as new ones have.",
  storageClass: "aws_reduced_redundancy",
  compress: "compression: packed files lie beside the plain ones.",
  ignore: "ignored_files",
  cloudfront: "cdn_distribution_id: plain files that a sync has changed are invalidated.",
  headers: "custom_headers, then cache_asset_regexps: the first row that matches counts.",
};

/**
 * The text of an asset-sync.config.mjs that says the same as an asset_sync.yml. It imports nothing, as an app need not have
 * the package. Pure.
 */
export function configSource({ config, notes }: GemConfig, origin: string): string {
  const lines = Object.entries(config).flatMap(([name, value]) => [
    ...comment(Object.entries(COMMENTS).find(([one]) => one === name)?.[1]),
    `  ${name}: ${JSON.stringify(value, null, 2).replaceAll("\n", "\n  ")},`,
  ]);
  const ignored = notes.map(({ option, note }) => `// ${option}: ${note}.`);
  const left = ignored.length === 0 ? [] : ["", "// What has no place here:", ...ignored];
  return [
    `// What ${origin} says, for asset-sync. Credentials come from the AWS chain.`,
    `/** @type {import(${JSON.stringify(PACKAGE)}).AssetSyncConfig} */`,
    "export default {",
    ...lines,
    "};",
    ...left,
    "",
  ].join("\n");
}

function comment(text: string | undefined): readonly string[] {
  return text === undefined ? [] : [`  // ${text}`];
}
