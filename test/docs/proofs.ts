import { ASSET_SYNC_IMAGE_SCENARIOS, ASSET_SYNC_SCENARIOS } from "./asset-sync-scenarios.ts";
import { BASE_IMAGE_ENGINE_SCENARIOS, BASE_IMAGE_SCENARIOS } from "./base-image-scenarios.ts";
import type { BlockName } from "./blocks.ts";
import { ENTRYPOINT_DATABASE_SCENARIOS, ENTRYPOINT_SCENARIOS } from "./entrypoint-scenarios.ts";
import { EXAMPLE_SCENARIOS } from "./example-scenarios.ts";
import type { Scenario } from "./scenario.ts";

/** Run by scenarios.test.ts. */
export const SCENARIOS: readonly Scenario[] = [
  ...ASSET_SYNC_SCENARIOS,
  ...BASE_IMAGE_SCENARIOS,
  ...ENTRYPOINT_SCENARIOS,
];

/** Run by scenarios.service.test.ts. */
export const SERVICE_SCENARIOS: readonly Scenario[] = [
  ...ASSET_SYNC_IMAGE_SCENARIOS,
  ...BASE_IMAGE_ENGINE_SCENARIOS,
  ...ENTRYPOINT_DATABASE_SCENARIOS,
  ...EXAMPLE_SCENARIOS,
];

/** Followed from the first block to the last by pages.service.test.ts. */
export const FOLLOWED = ["from-asset_sync.md", "from-entrykit.md", "from-nothing.md"] as const;
export type FollowedPage = (typeof FOLLOWED)[number];

/** What demo.test.ts finds in the demo's output. */
export const DEMO = {
  page: "README.md",
  begins: "asset-sync sync public --to file://…/store --release 2026-11-a",
} as const;

/** Translations, each with the followed page whose steps links.test.ts finds in it. */
export const TRANSLATED = { "from-nothing.ja.md": "from-nothing.md" } as const;

/** Blocks that run in no test of these pages, with the reason. */
export interface Unrun extends BlockName {
  readonly why: string;
}

const MEASURES = "it measures for minutes on a machine that does nothing else";
const IMAGES = "the images take minutes, and tests build them under names of their own";

/** Not run, but every command in them is understood and held against what there is by checked.ts. */
export const CHECKED: readonly Unrun[] = [
  {
    page: "README.md",
    begins: "npx -y pnpm@12 demo",
    why: "the suite does not run itself; demo.test.ts runs the demo",
  },
  { page: "CONTRIBUTING.md", begins: "npx -y pnpm@12 demo", why: "they are what runs this test" },
  { page: "docs/benchmarks.md", why: MEASURES },
  {
    page: "packages/base-image/README.md",
    begins: "base-image --config examples/rails-app/image.config.ts prove-assets",
    why: IMAGES,
  },
];

const AWS = "it needs an AWS account";
const VALUES = "the values are the reader's; rails-app.service.test.ts builds and starts the same image";

/** Neither run nor understood as a whole; calls of our programs in them are checked all the same. */
export const NOT_RUN: readonly Unrun[] = [
  {
    page: "examples/deploy/README.md",
    begins: `aws ecr get-login-password | docker login --username AWS --password-stdin "$AWS_ACCOUNT_ID.dkr.ecr.$AWS_REGION.amazonaws.com"`,
    why: AWS,
  },
  {
    page: "examples/terraform/README.md",
    begins:
      "aws s3api create-bucket --bucket proff-terraform --create-bucket-configuration LocationConstraint=ap-northeast-1",
    why: AWS,
  },
  {
    page: "examples/pdf-service/README.md",
    begins:
      "base-image --config examples/base-image/base-image.config.ts build --variant builder --tag slipway-base:builder --network host",
    why: "the container goes on until it is ended; conversion.service.test.ts starts it and sends it such forms",
  },
  { page: "examples/rails-app/README.md", begins: "cat examples/rails-app/aws-credentials", why: VALUES },
  { page: "examples/rails-app/README.md", begins: "docker run --rm --network=host", why: VALUES },
  {
    page: "examples/rails-app/README.md",
    begins:
      "base-image --config examples/rails-app/image.config.ts build --variant test --tag proff:test --network host",
    why: "the database is the reader's; docker.service.test.ts runs the same tests in that variant",
  },
  {
    page: "packages/base-image/README.md",
    begins: "docker buildx bake --builder fleet --file bake.json --push",
    why: "it needs a fleet of builders; bake.service.test.ts bakes such a file with the builder at hand",
  },
];
