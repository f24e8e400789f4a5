import { blockWith } from "./blocks.ts";
import { pageAt } from "./pages.ts";
import type { Scenario } from "./scenario.ts";

const page = "packages/base-image/README.md";

const MODULE = { "package.json": '{"type":"module"}' };
const shown = (text: string): string => blockWith(pageAt(page), text);

const BROKEN = `import { defineImage, from, stage } from "@slipway/base-image";

const gems = stage("gems", from("ruby:3.3"));
const app = stage("app", from("ruby:3.3")).copy("/gems", "/gems", { from: gems.run("bundle install") });

export default defineImage({ name: "app", context: ".", stages: [gems, app] });
`;

const HANDMADE = `FROM node:24-trixie-slim AS node

FROM ruby:3.4-slim-trixie
COPY --from=node /usr/local/bin/npm /usr/local/bin/
# base-image: ignore=apt-lists-left the image is only for a build
RUN apt-get update && apt-get upgrade --yes && apt-get install --yes git
CMD bin/rails server
`;

/** Its README's blocks that need no more than this machine. */
export const BASE_IMAGE_SCENARIOS: readonly Scenario[] = [
  {
    page,
    begins: "base-image --config image.config.ts render",
    files: { ...MODULE, "image.config.ts": shown("// image.config.ts") },
  },
  {
    page,
    begins: "base-image --config broken.config.ts render",
    files: { ...MODULE, "broken.config.ts": BROKEN },
    code: 2,
  },
  {
    page,
    begins: "base-image --config examples/rails-app/image.config.ts explain --inputs",
    inRepository: true,
    varies: /\b[0-9a-f]{16}\b/g,
  },
  {
    page,
    begins: "base-image --config matrix.config.ts bake --to registry.example.com/team/candidates",
    files: { ...MODULE, "matrix.config.ts": shown("// matrix.config.ts") },
    after: `node --eval 'if (Object.keys(JSON.parse(fs.readFileSync("bake.json")).target).length < 8) process.exit(1)'`,
  },
  {
    page,
    begins: "base-image read Dockerfile",
    files: { Dockerfile: HANDMADE },
    beside: /^ShellCheck is not installed.*\n/,
    code: 1,
  },
];

const FAILS = `import { defineImage, from, stage } from "@slipway/base-image";

const app = stage("app", from("ruby:3.3-slim-trixie")).run("cd /tmp && bundle install");

export default defineImage({ name: "fail", context: ".", stages: [app] });
`;

/** Its README's blocks that ask a Docker engine. */
export const BASE_IMAGE_ENGINE_SCENARIOS: readonly Scenario[] = [
  {
    page,
    begins: "base-image explain --variant builder",
    files: {
      ...MODULE,
      "base-image.config.ts": shown("// base-image.config.ts").replace(
        '  ruby: "3.3",',
        '  repository: "registry.example.com/team/ruby-node",\n  ruby: "3.3",',
      ),
    },
    varies: /\b[0-9a-f]{64}\b|\(\d+ lines\)|\d+ files|\d+ bytes/g,
    needs: ["docker"],
  },
  {
    page,
    begins: "base-image --config fail.config.ts build",
    files: { ...MODULE, "fail.config.ts": FAILS },
    code: 1,
    needs: ["docker"],
  },
];
