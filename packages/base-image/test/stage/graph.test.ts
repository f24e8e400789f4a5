import { describe, expect, it } from "vitest";

import { from } from "../../src/stage/base.ts";
import { assertGraph, checkGraph, stagesFor } from "../../src/stage/graph.ts";
import { defineImage } from "../../src/stage/image.ts";
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
  });

  it.each([
    ["BASE_IMAGE_STAGE_DUPLICATE", define(a, stage("a", debian))],
    ["BASE_IMAGE_STAGE_RESERVED", define(stage("scratch", debian))],
    ["BASE_IMAGE_STAGE_NAME", define(stage("Gems", debian))],
    ["BASE_IMAGE_STAGE_NAME", define(stage("1st", debian))],
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
    expect(finding).toMatchObject({ code: "stage-unreached", severity: "warning", stage: "a" });
  });

  it("orders stages by need, then as listed, and leaves out what is not needed", () => {
    const c = stage("c", b);
    const unneeded = stage("d", debian);
    expect(stagesFor([c], [unneeded, c, b, a]).map(({ name }) => name)).toEqual(["a", "b", "c"]);
  });
});
