import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import { renderDockerfile } from "@slipway/base-image";
import { jsonSchema } from "@slipway/entrypoint";

import pdfService from "../examples/pdf-service/image.config.ts";
import railsApp from "../examples/rails-app/image.config.ts";
import { benchmarkPages } from "../bench/src/page/page.ts";
import { renderDefinitionPage } from "./definition-page.ts";
import { renderDefinitionTypes } from "./definition-types.ts";
import { renderEntrykitPage } from "./entrykit-page.ts";
import { lintPages } from "./lint-pages.ts";
import { renderErrorPage } from "./error-page.ts";
import { referencePages } from "./reference-pages.ts";
import { ROOT } from "./run-command.ts";

/** The files in the repository that a program writes, by path. */
const GENERATED: Readonly<Record<string, () => string | Promise<string>>> = {
  ...benchmarkPages(),
  "docs/definition.md": renderDefinitionPage,
  "docs/entrykit.md": renderEntrykitPage,
  "docs/errors.md": renderErrorPage,
  ...lintPages(),
  ...referencePages(),
  "examples/pdf-service/Dockerfile": () => renderDockerfile(pdfService).text,
  "examples/rails-app/Dockerfile": () => renderDockerfile(railsApp).text,
  "packages/entrypoint/src/boot/definition-config.ts": renderDefinitionTypes,
  "packages/entrypoint/entrypoint.schema.json": () => `${JSON.stringify(jsonSchema(), null, 2)}\n`,
};

/** Names the generated files that differ from what would be written now. */
export async function staleFiles(): Promise<readonly string[]> {
  const stale = await Promise.all(
    Object.entries(GENERATED).map(async ([path, render]) => {
      const found = await readFile(join(ROOT, path), "utf8").catch(() => "");
      return found === (await render()) ? [] : [path];
    }),
  );
  return stale.flat();
}

if (import.meta.main) {
  for (const [path, render] of Object.entries(GENERATED)) {
    await mkdir(dirname(join(ROOT, path)), { recursive: true });
    await writeFile(join(ROOT, path), await render());
  }
}
