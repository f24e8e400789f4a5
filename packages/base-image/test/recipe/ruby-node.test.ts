import { describe, expect, it } from "vitest";

import { bundledWith } from "../../src/recipe/bundler.ts";
import { rubyNode } from "../../src/recipe/ruby-node.ts";
import type { RubyNodeInput } from "../../src/recipe/ruby-node-input.ts";
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

const PAIRS = Object.entries(RUBIES).flatMap(([ruby, suites]) =>
  suites.flatMap((suite) => Object.keys(NODES).map((node) => [ruby, node, suite] as const)),
);

/** What npm installs, and whether the npm of the node image is there too. */
const MANAGERS = [
  ["yarn@1.22.19", "yarn@1.22.19", true],
  ["yarn@4.18.1+sha224.abc", "@yarnpkg/cli-dist@4.18.1", true],
  ["pnpm@10.33.0", "pnpm@10.33.0", true],
  ["pnpm@12.21.0", "pnpm@12.21.0", true],
  ["npm@11.6.2", "npm@11.6.2", false],
] as const;

describe("rubyNode", () => {
  it.each(Object.entries(GOLDEN))("renders %s byte for byte", async (name, input) => {
    await expect(renderDockerfile(rubyNode(input)).text).toMatchFileSnapshot(`../golden/${name}.Dockerfile`);
  });

  it.each(PAIRS)("renders ruby %s, node %s on %s by the rule of its node major", (ruby, node, suite) => {
    const definition = rubyNode({ ruby, node, suite, packageManager: "yarn@1.22.22" });
    expect(checkGraph(definition)).toEqual([]);
    const { text } = renderDockerfile(definition, "runtime");
    expect(text).toContain(`FROM node:${node}-${suite}-slim AS node`);
    expect(text).toContain(`FROM ruby:${ruby}-slim-${suite} AS base`);
    expect(text.includes("libatomic1")).toBe(Number(node) >= 25);
    expect(text.includes("COPY --from=node /opt/yarn-v1.22.22/")).toBe(Number(node) <= 25);
    expect(text.includes("npm install --global")).toBe(Number(node) >= 26);
    expect(text).not.toContain("COPY --from=node /usr/local/include");
    expect(text).not.toContain("corepack");
  });

  it.each(MANAGERS)("installs %s in the node stage, for exactly this version", (spec, published, links) => {
    const rendered = renderDockerfile(rubyNode({ ...LEAST, packageManager: spec }), "runtime");
    const text = rendered.text.replaceAll(/ \\\n\s*/g, " ");
    expect(text).toMatch(new RegExp(`npm install --global --prefix /opt/package-manager .* ${published}$`, "m"));
    expect(text).toContain("COPY --from=node /opt/package-manager/ /usr/local/");
    const [name, version] = spec.replace(/\+.*/, "").split("@");
    expect(text).toContain(`test "$(${name} --version)" = ${version}`);
    expect(text.includes("--allow-scripts=pnpm")).toBe(name === "pnpm");
    expect(text.includes("COPY --from=node /usr/local/lib/node_modules/npm/")).toBe(links);
    expect(text.includes("ln -s ../lib/node_modules/npm/bin/npm-cli.js")).toBe(links);
  });

  it.each([
    [{ jemalloc: true }, "ENV LD_PRELOAD=libjemalloc.so.2", "MALLOC_ARENA_MAX"],
    [{ mallocArenaMax: 2 }, "ENV MALLOC_ARENA_MAX=2", "jemalloc"],
    [{ jemalloc: false }, "USER 1000:1000", "jemalloc"],
    [{ yjit: true }, "RUBY_YJIT_ENABLE=1", "MALLOC"],
    [{ timeZone: "Asia/Tokyo" }, "ENV TZ=Asia/Tokyo", "localedef"],
    [{ locale: "ja_JP.UTF-8" }, "COPY --from=locale /usr/lib/locale/ja_JP.utf8/ /usr/lib/locale/ja_JP.utf8/", "TZ="],
    [{ fonts: ["noto-cjk", "ipaex"] }, "<prefer><family>Noto Sans CJK JP</family><family>IPAexGothic", "localedef"],
    [{ stripNode: true }, "strip --strip-all /usr/local/bin/node", "localedef"],
    [{ packages: { runtime: ["libvips42t64"] } }, "      libvips42t64", "fontconfig"],
  ] as const)("writes what %j means, and no more", (options, present, absent) => {
    const { text } = renderDockerfile(rubyNode({ ...LEAST, ...options }), "runtime");
    expect(text).toContain(present);
    expect(text).not.toContain(absent);
  });

  it("shows a secret's authorities to apt, npm and gem while they run, and to nothing else", () => {
    const input = { ...LEAST, bundler: "2.5.22", packageManager: "pnpm@10.33.0", certificates: { build: "corporate" } };
    const { text } = renderDockerfile(rubyNode(input));
    const runs = text.split(/^(?=RUN )/m).filter((run) => run.includes("/run/secrets/corporate"));
    expect(runs.every((run) => run.includes("--mount=type=secret,id=corporate,required"))).toBe(true);
    expect(runs.length).toBe(text.match(/apt-get.* update|npm install|gem install/g)?.length);
    expect(text).not.toContain("ENV SSL_CERT_FILE");
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
    ["BASE_IMAGE_INVALID_VALUE", { ...LEAST, jemalloc: true, mallocArenaMax: 2 }],
    ["BASE_IMAGE_INVALID_VALUE", { ...LEAST, mallocArenaMax: 0 }],
    ["BASE_IMAGE_INVALID_VALUE", { ...LEAST, timeZone: "Asia/Tokio" }],
    ["BASE_IMAGE_INVALID_VALUE", { ...LEAST, timeZone: "../../etc/passwd" }],
    ["BASE_IMAGE_INVALID_VALUE", { ...LEAST, locale: "ja_JP.eucJP" }],
    ["BASE_IMAGE_INVALID_VALUE", { ...LEAST, certificates: { runtime: ["-----BEGIN PRIVATE KEY-----"] } }],
    ["BASE_IMAGE_INVALID_VALUE", { ...LEAST, certificates: { build: "a b" } }],
    ["BASE_IMAGE_INVALID_VALUE", { ...LEAST, packages: { runtime: ["git; rm -rf /"] } }],
  ] as const)("refuses with %s", async (code, input) => {
    const error = await rejection(() => rubyNode(input));
    expect(error).toMatchObject({ code, exitCode: 2 });
  });

  it.each([
    ["node:24-bookworm-slim", "do not load on the older one"],
    ["node:24-alpine", "compiled for musl do not load with glibc"],
  ])("says why %s does not go with the suite", async (nodeImage, reason) => {
    const error = await rejection(() => rubyNode({ ...LEAST, nodeImage }));
    expect(error.message).toContain(reason);
  });

  it.each([{ fonts: ["noto-cj"] }, { databases: ["postgres"] }])("names the near spelling in %j", async (options) => {
    const error = await rejection(() => rubyNode({ ...LEAST, ...options } as RubyNodeInput));
    expect(error.message).toMatch(/did you mean (?:noto-cjk|postgresql)\?/);
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
