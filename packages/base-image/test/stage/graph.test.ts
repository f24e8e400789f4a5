import { describe, expect, it } from "vitest";

import { arg, expand, modify, variable } from "../../src/dockerfile/text.ts";
import { from, namedContext } from "../../src/stage/base.ts";
import { assertGraph, checkGraph, stagesFor } from "../../src/stage/graph.ts";
import { defineImage } from "../../src/stage/image.ts";
import { bind } from "../../src/stage/mount.ts";
import { stage, type Stage } from "../../src/stage/stage.ts";
import { rejection } from "../rejection.ts";

const debian = from("debian:trixie-slim");
const a = stage("a", debian);
const b = stage("b", debian).copy("/x", "/x", { from: a });

function define(...stages: readonly Stage[]): ReturnType<typeof defineImage> {
  return defineImage({ name: "test", stages });
}

describe("the graph", () => {
  it("is silent about stages that fit together", () => {
    expect(checkGraph(define(a, b))).toEqual([]);
    // the image of a FROM is looked for among the stages before it
    expect(checkGraph(define(stage("node", from("node"))))).toEqual([]);
  });

  it.each([
    ["BASE_IMAGE_STAGE_DUPLICATE", define(a, stage("a", debian))],
    ["BASE_IMAGE_STAGE_RESERVED", define(stage("scratch", debian))],
    ["BASE_IMAGE_STAGE_NAME", define(stage("Gems", debian))],
    ["BASE_IMAGE_STAGE_NAME", define(stage("1st", debian))],
    ["BASE_IMAGE_STAGE_NAME", define(stage("node", debian), stage("c", from("node")))],
    [
      "BASE_IMAGE_STAGE_NAME",
      define(stage("node", debian), stage("c", debian).copy("/a", "/a", { from: from("node") })),
    ],
    ["BASE_IMAGE_ARG_NOT_GLOBAL", define(stage("c", from(variable("BASE"))))],
    ["BASE_IMAGE_ARG_CONFLICT", define(stage("c", from(arg("BASE", "x"))), stage("d", from(arg("BASE", "y"))))],
    ["BASE_IMAGE_COPY_TARGET", define(stage("c", debian).copy(["/a", "/b"], "/x"))],
    ["BASE_IMAGE_STAGE_NAME", define(a, stage("c", from("a")))],
    ["BASE_IMAGE_STAGE_NAME", define(stage("c", debian).copy("/x", "/x", { from: from("a") }), a)],
    ["BASE_IMAGE_STAGE_NAME", define(a, stage("c", a).run("x", { mounts: [bind("/x", { from: namedContext("a") })] }))],
    ["BASE_IMAGE_STAGE_NAME", define(stage("c", debian).copy("/x", "/x", { from: from("0") }))],
    ["BASE_IMAGE_STAGE_FOREIGN", define(b)],
    ["BASE_IMAGE_STAGE_FOREIGN", define(stage("c", a))],
    ["BASE_IMAGE_STAGE_SELF_COPY", define(a.copy("/x", "/x", { from: a }))],
    ["BASE_IMAGE_STAGE_CYCLE", define(a.copy("/x", "/x", { from: b }), b)],
    ["BASE_IMAGE_STAGE_FOREIGN", defineImage({ name: "test", stages: [a], variants: { b } })],
  ])("refuses %s", async (code, definition) => {
    expect(checkGraph(definition).map((finding) => finding.code)).toContain(code);
    const error = await rejection(() => assertGraph(definition));
    expect(error.exitCode).toBe(2);
  });

  it.each([
    ["variable-unset", stage("c", debian).workdir(variable("A")).env({ A: "/a" })],
    ["variable-unset", stage("c", "scratch").workdir(variable("A"))],
    ["env-self-reference", stage("c", debian).env({ A: "/a", B: variable("A") })],
    ["variable-misspelt", stage("c", debian).env({ HOUSE: "/a" }).workdir(variable("HOUES"))],
    ["variable-undeclared-in-stage", stage("c", debian).workdir(variable("TARGETARCH"))],
    ["copy-relative-without-workdir", stage("c", debian).copy("a", "b").workdir("/b")],
  ])("finds %s without refusing", (code, so) => {
    const findings = checkGraph(define(so));
    expect(findings).toMatchObject([{ code, stage: "c" }]);
    expect(() => assertGraph(define(so))).not.toThrow();
    expect(findings[0]?.message).toMatch(/^stage c: /);
  });

  it.each([
    ["a variable of the base image", stage("c", debian).workdir(variable("HOME"))],
    ["a variable that adds to itself", stage("c", debian).env({ PATH: expand`/x:${variable("PATH")}` })],
    ["a variable with a default", stage("c", "scratch").workdir(modify(variable("A"), ":-", "/a"))],
    ["a folder for several sources", stage("c", debian).workdir("/x").copy(["a", "b"], ".")],
    ["a folder in a variable", stage("c", debian).copy(["a", "b"], expand`/${arg("DIR", "x/")}`)],
    ["one default in two stages", stage("c", from(arg("BASE", "x"))).run("echo", { args: [arg("BASE", "x")] })],
    ["a stage that is named as its image", stage("debian", from("debian"))],
    ["a platform of the build", stage("c", from("debian", { platform: variable("BUILDPLATFORM") }))],
  ])("is silent about %s", (_, so) => {
    expect(checkGraph(define(so))).toEqual([]);
  });

  it("looks at what the stages below have set", () => {
    const below = stage("below", "scratch").workdir("/x").env({ A: "/a" });
    expect(checkGraph(define(below, stage("c", below).workdir(variable("A")).copy("a", "b")))).toEqual([]);
  });

  it("finds two defaults of one argument, global and in a stage", () => {
    const so = stage("c", from(arg("BASE", "x")));
    expect(checkGraph(define(so.run("echo", { args: [arg("BASE", "y")] })))[0]?.code).toBe("BASE_IMAGE_ARG_CONFLICT");
    const both = so.arg(arg("V", "1")).run("echo", { args: [arg("V")] });
    expect(checkGraph(define(both))[0]?.message).toContain('with the default none, where it also has "1"');
  });

  it("takes the stages in the order they will be written in, not in that of the definition", () => {
    const below = stage("below", debian).workdir("/x").env({ A: "/a" });
    const above = stage("c", below).workdir(variable("A")).copy("a", "b");
    expect(checkGraph(defineImage({ name: "test", stages: [above, below], variants: { above } }))).toEqual([]);
  });

  it("says that a value was extended after it was used", () => {
    const [finding] = checkGraph(define(a.run("make"), b));
    expect(finding?.code).toBe("BASE_IMAGE_STAGE_FOREIGN");
    expect(finding?.hint).toContain("Every call on a stage makes a new one");
  });

  it("suggests the near name", () => {
    const [finding] = checkGraph(
      define(stage("gems", debian), stage("x", debian).copy("/x", "/x", { from: stage("gem", debian) })),
    );
    expect(finding?.hint).toBe("Did you mean gems?");
  });

  it("warns about a stage nothing needs", () => {
    const [finding] = checkGraph(define(a, stage("c", debian)));
    expect(finding).toMatchObject({ code: "stage-unused", severity: "info", stage: "a" });
  });

  it("orders stages by need, then as listed, and leaves out what is not needed", () => {
    const c = stage("c", b);
    const unneeded = stage("d", debian);
    expect(stagesFor([c], [unneeded, c, b, a]).map(({ name }) => name)).toEqual(["a", "b", "c"]);
  });
});
