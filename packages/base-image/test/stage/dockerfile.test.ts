import { describe, expect, it } from "vitest";

import { bind, cache, secret } from "../../src/stage/mount.ts";
import { arg, expand } from "../../src/dockerfile/text.ts";
import { from, namedContext } from "../../src/stage/base.ts";
import { renderDockerfile } from "../../src/stage/dockerfile.ts";
import { defineImage } from "../../src/stage/image.ts";
import { script } from "../../src/stage/run-step.ts";
import { stage } from "../../src/stage/stage.ts";

const version = arg("RUBY", "3.3");
const release = arg("RELEASE");
const gems = stage("gems", from(expand`ruby:${version}-slim`, { platform: arg("BUILDPLATFORM") }))
  .workdir("/app")
  .copy(["Gemfile", "Gemfile.lock"], "./")
  .run("bundle install", { mounts: [cache("/usr/local/bundle/cache")] });
const assets = stage("assets", gems)
  .describe("Assets go up before the image exists")
  .run('asset-sync public --release "$RELEASE"', {
    args: [release],
    mounts: [secret("aws"), bind("/src", { from: gems })],
  })
  .run(script("echo one\necho two"))
  .label({ release: expand`r-${release}`, ruby: version })
  .comment("From outside")
  .copy("x", "y", { from: namedContext("extra") });

const definition = defineImage({ name: "app", stages: [gems, assets], variants: { app: assets, gems } });

describe("renderDockerfile", () => {
  it("writes what a reviewer expects", () => {
    expect(renderDockerfile(definition).text).toMatchInlineSnapshot(`
      "ARG RUBY=3.3

      FROM --platform=\${BUILDPLATFORM} ruby:\${RUBY}-slim AS gems
      WORKDIR /app
      COPY Gemfile Gemfile.lock ./
      RUN --mount=type=cache,target=/usr/local/bundle/cache \\
          bundle install

      # Assets go up before the image exists
      FROM gems AS assets
      ARG RELEASE
      RUN --mount=type=secret,id=aws,required \\
          --mount=type=bind,target=/src,from=gems \\
          asset-sync public --release "$RELEASE"
      RUN <<"EOF"
      set -e
      echo one
      echo two
      EOF

      ARG RUBY
      LABEL release=r-\${RELEASE} \\
            ruby=\${RUBY}

      # From outside
      COPY --from=extra x y
      "
    `);
  });

  it("says where each stage begins", () => {
    const { text, stages } = renderDockerfile(definition);
    const lines = text.split("\n");
    for (const { name, line } of stages) expect(lines[line - 1]).toMatch(new RegExp(`^FROM .* AS ${name}$`));
    expect(stages.map(({ base }) => base)).toEqual(["ruby:${RUBY}-slim", "gems"]);
  });

  it("leaves out stages a variant does not need", () => {
    expect(renderDockerfile(definition, "gems").stages.map(({ name }) => name)).toEqual(["gems"]);
  });

  it("keeps a first comment from being a directive", () => {
    const so = stage("a", "debian").describe("syntax=docker/dockerfile:1");
    expect(renderDockerfile(defineImage({ name: "x", stages: [so] })).text).toMatch(/^#\n# syntax=/);
  });
});

it("declares the build arguments of a trigger in the build that it runs in", () => {
  const mode = arg("MODE", "production");
  const base = stage("base", from(expand`debian:${mode}`)).onbuild((on) =>
    on.env({ MODE: mode }).workdir(expand`/${mode}`),
  );
  expect(renderDockerfile(defineImage({ name: "x", stages: [base] })).text).toContain(
    "AS base\nONBUILD ARG MODE=production\nONBUILD ENV MODE=${MODE}\nONBUILD WORKDIR /${MODE}\n",
  );
});
