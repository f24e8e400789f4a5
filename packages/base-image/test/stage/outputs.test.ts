import { tempTree } from "@slipway/testkit";
import { array, assert, constantFrom, property } from "fast-check";
import { describe, expect, it } from "vitest";

import { arg, expand } from "../../src/dockerfile/text.ts";
import { readContext } from "../../src/engine/context.ts";
import { bakeFile } from "../../src/stage/bake.ts";
import { from, namedContext } from "../../src/stage/base.ts";
import { renderDockerfile } from "../../src/stage/dockerfile.ts";
import { parseIgnore } from "../../src/stage/ignore.ts";
import { defineImage } from "../../src/stage/image.ts";
import { dockerignore, stageInputs } from "../../src/stage/inputs.ts";
import { bind, secret, ssh } from "../../src/stage/mount.ts";
import { stage, type Stage } from "../../src/stage/stage.ts";
import { mermaid, stageGraph } from "../../src/stage/stage-graph.ts";
import { rejection } from "../rejection.ts";

const gems = stage("gems", from(arg("BASE", "ruby:3.3")))
  .workdir("/app")
  .copy(["Gemfile", "Gemfile.lock"], "./");
const assets = stage("assets", gems)
  .copy("./app/assets/", "app/assets/")
  .copy("config/*.rb", "config/")
  .run("make", {
    mounts: [bind("/src", { source: "/lib" }), bind("/g", { from: gems }), secret("aws"), ssh(), ssh({ id: "github" })],
  });
const app = stage("app", "debian")
  .copy("/app", "/app", { from: assets })
  .copy("/x", "/x", { from: namedContext("other") })
  .copy(expand`/conf/${arg("ENV")}.yml`, "/conf.yml")
  .add("https://example.com/a.tgz", "/")
  .copy(".slipway/programs/", "/usr/local/");
const definition = defineImage({ name: "app", context: ".", stages: [gems, assets, app], variants: { app, assets } });

function one(so: Stage): ReturnType<typeof defineImage> {
  return defineImage({ name: "x", context: ".", stages: [so] });
}

describe("stageInputs", () => {
  it("lists what each stage takes from the context, and nothing from elsewhere", () => {
    expect(stageInputs(definition)).toEqual([
      { stage: "gems", paths: ["Gemfile", "Gemfile.lock"], reasons: {} },
      { stage: "assets", paths: ["app/assets", "config/*.rb", "lib"], reasons: {} },
      { stage: "app", paths: [".slipway/programs", "conf"], reasons: {} },
    ]);
  });

  it.each([
    [stage("a", "debian").copy("/", "/x"), ["."]],
    [stage("a", "debian").copy(["a", "b/.."], "/x/"), ["."]],
    [stage("a", "debian").copy(expand`${arg("A")}/b`, "/x/"), ["."]],
    [stage("a", "debian").run("x", { mounts: [bind("/src")] }), ["."]],
    [stage("a", "debian").copy("app/[id].ts", "/x"), ["app/[[]id].ts"]],
  ])("knows paths by their shortest form %#", (so, paths) => {
    expect(stageInputs(one(so))).toEqual([{ stage: "a", paths, reasons: {} }]);
  });

  it("gives each path the comment over its COPY, which ends with the next comment or another instruction", () => {
    const so = stage("a", "debian").comment("why").copy("b", "./").copy("c", "./").run("x").copy("d", "./");
    expect(stageInputs(one(so))[0]?.reasons).toEqual({ b: "why", c: "why" });
  });
});

describe("dockerignore", () => {
  it("lets through what the stages take", () => {
    expect(dockerignore(definition)).toBe("*\n!Gemfile\n!Gemfile.lock\n!app/assets\n!conf\n!config/*.rb\n!lib\n");
  });

  it("says which stage takes everything", () => {
    expect(dockerignore(one(stage("all", "debian").copy(".", "/x")))).toContain("stage all takes the whole context");
  });

  it("leaves a context with what is copied, folders whole", async () => {
    const files = [
      "Gemfile",
      "app/assets/a/b.css",
      "app/views/x.erb",
      "config/a.rb",
      "config/b.yml",
      "lib/[id]/x",
      "log/x",
    ];
    await using tree = await tempTree({
      ...Object.fromEntries(files.map((file) => [file, "x"])),
      ".dockerignore": dockerignore(definition),
    });
    const { entries } = await readContext(tree.path);
    const kept = entries.filter(({ kind }) => kind === "file").map(({ path }) => path);
    expect(kept).toEqual(["Gemfile", "app/assets/a/b.css", "config/a.rb", "lib/[id]/x"]);
  });

  it("never ignores a path that a stage names", () => {
    const part = constantFrom("a", "b.rb", "[id]", "x y", "é", "#c", "!d", "\\e", "..f", "g ");
    const path = array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join("/"));
    assert(
      property(path, path, (given, below) => {
        const { isIgnored } = parseIgnore(dockerignore(one(stage("a", "debian").copy(given, "/x"))));
        expect(isIgnored(given)).toBe(false);
        expect(isIgnored(`${given}/${below}`)).toBe(false);
        expect(isIgnored(`other/${below}`)).toBe(true);
      }),
    );
  });
});

describe("stageGraph", () => {
  it("has the stages, their images and variants, and what goes from one to another", () => {
    expect(stageGraph(definition)).toEqual({
      stages: [
        { name: "gems", image: "${BASE}", variants: [] },
        { name: "assets", variants: ["assets"] },
        { name: "app", image: "debian", variants: ["app"] },
      ],
      edges: [
        { from: "gems", to: "assets", kind: "base" },
        { from: "gems", to: "assets", kind: "mount" },
        { from: "assets", to: "app", kind: "copy" },
      ],
    });
    expect(stageGraph(definition, "assets").stages.map(({ name }) => name)).toEqual(["gems", "assets"]);
  });

  it("is written for Mermaid", () => {
    expect(mermaid(stageGraph(definition, "app"))).toBe(
      [
        "flowchart LR",
        '  s0["gems<br>${BASE}"]',
        '  s1(["assets"])',
        '  s2(["app<br>debian"])',
        "  s0 ==> s1",
        "  s0 -->|mount| s1",
        "  s1 -->|copy| s2",
        "",
      ].join("\n"),
    );
  });
});

describe("bakeFile", () => {
  it("has a target for each variant, of one Dockerfile in which bake expands nothing", () => {
    const { group, target } = bakeFile(definition);
    expect(group.default.targets).toEqual(["app", "assets"]);
    const inline = renderDockerfile(definition).text.replaceAll("${", () => "$${");
    expect(target["assets"]).toEqual({
      context: ".",
      "dockerfile-inline": inline,
      target: "assets",
      tags: ["app:assets"],
      secret: ["id=aws,env=aws"],
      ssh: ["default", "github"],
    });
    expect(target["app"]).toMatchObject({ target: "app", tags: ["app:app"] });
  });

  it("has the context as seen from where bake runs, and a target's name without dots", () => {
    const so = stage("app-1.2", "debian");
    const { group, target } = bakeFile(defineImage({ name: "x", stages: [so], context: "../app" }), {
      folder: "images/web",
    });
    expect(group.default.targets).toEqual(["app-1_2"]);
    expect(target["app-1_2"]).toMatchObject({ context: "images/app", target: "app-1.2", tags: ["x:app-1.2"] });
  });

  it("is not made where a build puts programs into the context", async () => {
    const made = defineImage({ name: "x", stages: [stage("a", "debian")], programs: ["@slipway/entrypoint"] });
    expect((await rejection(() => bakeFile(made))).message).toContain("it has the programs @slipway/entrypoint");
  });
});
