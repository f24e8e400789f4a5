import type { Scenario } from "./scenario.ts";

const BASE = "base-image --config examples/base-image/base-image.config.ts build";
const variant = (name: string): string => `${BASE} --variant ${name} --tag slipway-base:${name} --network host`;

const PACK = "npx -y pnpm@12 --filter @slipway-example/deploy pack --out /tmp/deploy.tgz";

/** Blocks of the examples' READMEs, and those of base-image's that stand on the examples' images. */
export const EXAMPLE_SCENARIOS: readonly Scenario[] = [
  { page: "examples/rails-app/README.md", begins: variant("runtime"), inRepository: true, needs: ["docker"] },
  {
    page: "packages/base-image/README.md",
    begins: `docker run --rm --read-only --tmpfs /tmp slipway-base:pdf sh -c 'echo "<meta charset=utf-8><h1>履歴書</h1>" > /tmp/cv.html`,
    before: `(cd "$REPOSITORY" && ${variant("pdf")})`,
    after: "head -c 5 cv.pdf | grep '^%PDF-'",
    needs: ["docker"],
  },
  {
    page: "examples/deploy/README.md",
    begins: PACK,
    inRepository: true,
    after: "rm /tmp/deploy.tgz",
    needs: ["npm"],
  },
  {
    page: "examples/deploy/README.md",
    begins: "mkdir deploy && tar xzf /tmp/deploy.tgz --strip-components=1 -C deploy",
    before: `(cd "$REPOSITORY" && ${PACK})`,
    after: "rm /tmp/deploy.tgz",
    needs: ["npm"],
  },
  {
    page: "examples/terraform/README.md",
    begins: "terraform fmt -check -recursive",
    before: 'cp -R "$REPOSITORY/examples/terraform/." .',
    environment: { TF_CLI_CONFIG_FILE: "/dev/null" },
    needs: ["terraform"],
  },
];
