import { describe, expect, it } from "vitest";

import { bundledWith } from "../../src/recipe/bundler.ts";
import { rubyNode } from "../../src/recipe/ruby-node.ts";
import type { RubyNodeInput } from "../../src/recipe/ruby-node-options.ts";
import { NODES, RUBIES } from "../../src/recipe/supported.ts";
import { renderDockerfile } from "../../src/stage/dockerfile.ts";
import { checkGraph } from "../../src/stage/graph.ts";
import { tempTree } from "@slipway/testkit";
import { rejection } from "../rejection.ts";

const LEAST: RubyNodeInput = { ruby: "3.3", node: "24", suite: "trixie" };

const GOLDEN: Readonly<Record<string, RubyNodeInput>> = {
  "ruby-3.3-node-24-trixie": {
    ...LEAST,
    name: "slipway-base",
    packageManager: "yarn@1.22.22",
    bundler: "2.5.22",
    programs: ["@slipway/entrypoint", "@slipway/asset-sync"],
  },
  "ruby-3.2-node-20-bookworm": { ruby: "3.2", node: "20", suite: "bookworm", jemalloc: false, databases: [] },
  "ruby-3.4-node-25-trixie": { ruby: "3.4.7", node: "25.9.0", suite: "trixie", packageManager: "pnpm@10.4.1" },
  "ruby-4.0-node-26-trixie": {
    ruby: "4.0",
    node: "26",
    suite: "trixie",
    packageManager: "yarn@4.18.1",
    databases: ["mysql", "postgresql", "sqlite"],
    packages: { runtime: ["libvips42t64"], builder: ["libvips-dev"] },
  },
};

describe("rubyNode", () => {
  it.each(Object.entries(GOLDEN))("renders %s byte for byte", async (name, input) => {
    await expect(renderDockerfile(rubyNode(input)).text).toMatchFileSnapshot(`../golden/${name}.Dockerfile`);
  });

  it("renders every supported combination, by the rule of its node major", () => {
    for (const [ruby, suites] of Object.entries(RUBIES)) {
      for (const suite of suites) {
        for (const [node, rule] of Object.entries(NODES)) {
          const definition = rubyNode({ ruby, node, suite, packageManager: "yarn@1.22.22" });
          expect(checkGraph(definition)).toEqual([]);
          const { text } = renderDockerfile(definition, "runtime");
          expect(text).toContain(`FROM node:${node}-${suite}-slim AS node`);
          expect(text).toContain(`FROM ruby:${ruby}-slim-${suite} AS base`);
          expect(text.includes("libatomic1")).toBe(Number(node) >= 25);
          expect(text.includes("COPY --from=node /opt/yarn-v1.22.22/")).toBe(Number(node) <= 25);
          expect(text.includes("npm install --global")).toBe(rule.yarn === undefined);
          expect(text).not.toContain("include/node");
          expect(text).not.toContain("corepack");
        }
      }
    }
  });

  it("gives the same bytes whatever the order of packages", () => {
    expect(withPackages("b1", "a1")).toBe(withPackages("a1", "b1"));
  });

  it.each([
    ["BASE_IMAGE_VERSION_UNSUPPORTED", { ...LEAST, ruby: "2.7" }],
    ["BASE_IMAGE_VERSION_UNSUPPORTED", { ...LEAST, ruby: "3" }],
    ["BASE_IMAGE_VERSION_UNSUPPORTED", { ...LEAST, node: "23" }],
    ["BASE_IMAGE_VERSION_UNSUPPORTED", { ...LEAST, node: "24.x" }],
    ["BASE_IMAGE_SUITE_MIXED", { ...LEAST, nodeImage: "mirror.example.com/node:24-bookworm-slim" }],
    ["BASE_IMAGE_SUITE_MIXED", { ...LEAST, rubyImage: "ruby:3.3-alpine" }],
    ["BASE_IMAGE_PACKAGE_MANAGER", { ...LEAST, packageManager: "yarn" }],
    ["BASE_IMAGE_PACKAGE_MANAGER", { ...LEAST, packageManager: "bun@1.2.3" }],
    ["BASE_IMAGE_INVALID_VALUE", { ...LEAST, bundler: "2.5" }],
    ["BASE_IMAGE_INVALID_VALUE", { ...LEAST, packages: { runtime: ["git; rm -rf /"] } }],
  ] as const)("refuses with %s", async (code, input) => {
    const error = await rejection(() => rubyNode(input));
    expect(error).toMatchObject({ code, exitCode: 2 });
  });

  it("says why suites do not mix", async () => {
    const error = await rejection(() => rubyNode({ ...LEAST, nodeImage: "node:24-bookworm-slim" }));
    expect(error.message).toContain("do not load on the older one");
  });

  it("refuses unknown keys, with the near spelling", async () => {
    const input = { ...LEAST, packagemanager: "yarn@1.22.22" };
    expect((await rejection(() => rubyNode(input))).hint).toBe("Did you mean packageManager?");
  });

  it("takes another image of the same suite", () => {
    const { text } = renderDockerfile(rubyNode({ ...LEAST, nodeImage: "mirror.example.com/node:24-trixie-slim" }));
    expect(text).toContain("FROM mirror.example.com/node:24-trixie-slim AS node");
  });
});

describe("bundledWith", () => {
  it("reads the version", async () => {
    await using tree = await tempTree({ "Gemfile.lock": "GEM\n\nBUNDLED WITH\n   2.5.22\n" });
    expect(bundledWith(`${tree.path}/Gemfile.lock`)).toBe("2.5.22");
  });

  it.each(["GEM\n", undefined])("refuses a lock without it: %j", async (text) => {
    await using tree = await tempTree(text === undefined ? {} : { "Gemfile.lock": text });
    expect((await rejection(() => bundledWith(`${tree.path}/Gemfile.lock`))).code).toBe("BASE_IMAGE_BUNDLED_WITH");
  });
});

function withPackages(...runtime: readonly string[]): string {
  return renderDockerfile(rubyNode({ ...LEAST, packages: { runtime } })).text;
}
