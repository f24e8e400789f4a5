import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const require = createRequire(import.meta.url);

/** The file a package's program is, as its package.json names it. */
export function programFile(name: "asset-sync" | "entrypoint"): string {
  const manifest = require.resolve(`@slipway/${name}/package.json`);
  const { bin } = require(manifest) as { readonly bin: Readonly<Record<string, string>> };
  return join(dirname(manifest), bin[name] ?? "");
}

/** base-image's command line, run from its sources. */
export function baseImageCommand(): readonly string[] {
  const manifest = require.resolve("@slipway/base-image/package.json");
  return [process.execPath, "--conditions=source", join(dirname(manifest), "src", "cli", "main.ts")];
}
