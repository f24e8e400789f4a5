import { BUILD } from "../../packages/asset-sync/test/sync/fixture.ts";
import type { Scenario } from "./scenario.ts";

const page = "packages/asset-sync/README.md";

const BUILT = Object.fromEntries(Object.entries(BUILD).map(([key, body]) => [`public/${key}`, body]));
const RELEASE = { ASSET_SYNC_RELEASE: "v1" };

const GEM = {
  ...BUILT,
  "config/asset_sync.yml": `
production:
  fog_provider: "AWS"
  fog_directory: <%= ENV.fetch("FOG_DIRECTORY", "shop-assets") %>
  fog_region: <%= ENV["FOG_REGION"] %>
`,
};

/** Its README's blocks that need no more than this machine. */
export const ASSET_SYNC_SCENARIOS: readonly Scenario[] = [
  { page, begins: "asset-sync sync public --to file://store --release v1", files: BUILT, varies: /\d\.\d s$/gm },
  {
    page,
    begins: "asset-sync sync public --to s3://shop-assets/production --region eu-west-1",
    files: BUILT,
    environment: RELEASE,
    s3: true,
    after: "asset-sync verify --deep --receipt public/.asset-receipt.json",
  },
  {
    page,
    begins: "asset-sync install-rails",
    files: { "config/application.rb": "" },
    after: "test -s lib/tasks/asset_sync.rake",
  },
  {
    page,
    begins: "asset-sync collect --to s3://shop-assets/production --running-from ecs:production/web --dry-run",
    files: BUILT,
    before: "asset-sync sync public --to s3://shop-assets/production --release v1",
    s3: true,
    ecs: "registry.example/shop:v1",
  },
  {
    page,
    begins: "RAILS_ENV=production asset-sync plan",
    files: GEM,
    environment: { ...RELEASE, FOG_REGION: "us-east-1" },
    s3: true,
    after: "rm config/asset_sync.yml && asset-sync plan | grep '^5 files to send'",
  },
  {
    page,
    begins: "asset-sync adopt --to s3://shop-assets",
    files: BUILT,
    environment: RELEASE,
    before: "asset-sync sync public --to s3://shop-assets",
    s3: true,
  },
  { page, begins: "asset-sync preflight --to s3://shop-assets/production", s3: true },
];

const IMAGE = { ...BUILT, Dockerfile: "FROM scratch\nWORKDIR /app\nCOPY public public\n" };

/** Its README's blocks that copy from an image, which is made here. */
export const ASSET_SYNC_IMAGE_SCENARIOS: readonly Scenario[] = [
  {
    page,
    begins: "asset-sync push --from-image registry.example/shop:v41",
    files: IMAGE,
    before: [
      "asset-sync sync public --offline --to s3://shop-assets --region us-east-1 --release v41",
      "docker build --quiet --tag registry.example/shop:v41 .",
    ].join("\n"),
    s3: true,
    needs: ["docker"],
    after: "docker image rm registry.example/shop:v41; asset-sync verify --receipt public/.asset-receipt.json",
  },
  {
    page,
    begins: "asset-sync push --from-image registry.example/shop:v40 --release v40 --to s3://shop-assets",
    files: IMAGE,
    before: "docker build --quiet --tag registry.example/shop:v40 .",
    s3: true,
    needs: ["docker"],
    after: "docker image rm registry.example/shop:v40; asset-sync releases --to s3://shop-assets | grep v40",
  },
];
