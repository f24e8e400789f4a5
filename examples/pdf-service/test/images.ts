import { createRequire } from "node:module";
import { dirname, join } from "node:path";

import { execa } from "execa";

const EXAMPLES = join(import.meta.dirname, "..", "..");

/** The service's image and the one that reads its PDFs, as tests tag them. */
export const IMAGES = { service: "slipway-test-pdf-service", poppler: "slipway-test-poppler" } as const;

/** Builds the service's image on the examples' base image, and what reads its PDFs. What was built before is cached. */
export async function buildImages(): Promise<void> {
  await build("base-image/base-image.config.ts", "builder", "slipway-base:builder");
  await build("base-image/base-image.config.ts", "pdf", "slipway-base:pdf");
  await build("pdf-service/image.config.ts", "service", IMAGES.service);
  await build("pdf-service/test/poppler.config.ts", undefined, IMAGES.poppler);
}

async function build(config: string, variant: string | undefined, tag: string): Promise<void> {
  const manifest = createRequire(import.meta.url).resolve("@slipway/base-image/package.json");
  const program = join(dirname(manifest), "src", "cli", "main.ts");
  const chosen = variant === undefined ? [] : ["--variant", variant];
  const args = ["--config", config, "build", ...chosen, "--tag", tag, "--network", "host"];
  await execa(process.execPath, ["--conditions=source", program, ...args], { cwd: EXAMPLES });
}
