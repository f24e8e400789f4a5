import { rubyNode } from "@slipway/base-image";

export default rubyNode({
  name: "slipway-base",
  ruby: "3.3",
  node: "24",
  suite: "trixie",
  packageManager: "yarn@1.22.22",
  bundler: "2.5.22",
  databases: ["postgresql"],
  ci: true,
  pdf: { node: true },
  programs: ["@slipway/entrypoint", "@slipway/asset-sync"],
});
