import { describe, expect, it } from "vitest";

import { bind, cache, secret, ssh } from "../../src/stage/mount.ts";
import { arg, expand } from "../../src/dockerfile/text.ts";
import { from, namedContext } from "../../src/stage/base.ts";
import { renderDockerfile } from "../../src/stage/dockerfile.ts";
import { defineImage } from "../../src/stage/image.ts";
import { script } from "../../src/stage/run-step.ts";
import { stage, type Stage } from "../../src/stage/stage.ts";

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

  it("declares an argument of a trigger where the trigger runs, and once", () => {
    const q = arg("Q", "one");
    const so = stage("a", from(expand`debian:${q}`))
      .env({ A: q })
      .onbuild((on) => on.env({ B: q }).run(expand`echo ${q}`))
      .onbuild((on) => on.arg(arg("R")).workdir(arg("R")));
    expect(bodyOf(so)).toBe(
      [
        "ARG Q",
        "ENV A=${Q}",
        "ONBUILD ARG Q=one",
        "ONBUILD ENV B=${Q}",
        "ONBUILD RUN echo ${Q}",
        "ONBUILD ARG R",
        "ONBUILD WORKDIR ${R}",
        "",
      ].join("\n"),
    );
  });

  it("leaves a URL as it is, where nothing matches", () => {
    const url = "https://example.com/f[1].txt?q=[x]*";
    expect(bodyOf(stage("a", "debian").add(url, "/x"))).toBe(`ADD ["${url}", "/x"]\n`);
  });

  it("does not change with the lists and objects it was made from", () => {
    const words = ["a"];
    const mounts = [{ ...ssh(), id: "a" }];
    const so = stage("a", "debian")
      .copy(words, "/x/", { exclude: words })
      .add(words, "/x/", { exclude: words })
      .run(words, { mounts })
      .cmd(words)
      .shell(words);
    const stages = [so];
    const variants: Record<string, Stage> = { a: so };
    const programs: string[] = [];
    const ignore: Record<string, string> = {};
    const made = defineImage({ name: "x", stages, variants, programs, lint: { ignore } });
    const before = JSON.stringify(made);
    words.push("b");
    for (const mount of mounts) mount.id = "b";
    stages.push(stage("b", "debian"));
    variants["b"] = so;
    programs.push("p");
    ignore["x"] = "y";
    expect(JSON.stringify(made)).toBe(before);
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

/** What stands below the FROM. */
function bodyOf(so: Stage): string {
  return renderDockerfile(defineImage({ name: "x", stages: [so] })).text.replace(/^[^]*?FROM .*\n/, "");
}
