import { describe, expect, it } from "vitest";

import { variable } from "../../src/dockerfile/text.ts";
import { lint } from "../../src/lint/lint.ts";
import { lintDefinition } from "../../src/lint/lint-definition.ts";
import { from } from "../../src/stage/base.ts";
import { defineImage } from "../../src/stage/image.ts";
import { stage } from "../../src/stage/stage.ts";

const debian = from("debian:trixie-slim");

describe("what is said about a definition's graph", () => {
  it("stands where the Dockerfile has it, and can be meant to be there", async () => {
    const app = stage("app", debian).workdir(variable("APP")).env({ APP: "/app" }).user("1000:1000");
    const found = await lintDefinition(defineImage({ name: "app", stages: [app] }));
    expect(found.findings).toMatchObject([
      { code: "variable-unset", kind: "graph", line: 2, column: 9, message: expect.stringContaining("stage app") },
    ]);
    const accepted = { ignore: { "variable-unset": "set by the base" } };
    const ignored = await lintDefinition(defineImage({ name: "app", stages: [app], lint: accepted }));
    expect(ignored).toMatchObject({ findings: [], suppressed: 1 });
  });

  it("is said without a line of stages that are in no Dockerfile", async () => {
    const [app, unused] = [stage("app", debian).user("1000:1000"), stage("gems", debian).copy("a", "b")];
    const { findings } = await lintDefinition(defineImage({ name: "app", stages: [unused, app] }));
    expect(findings.map(({ code, line }) => ({ code, line }))).toEqual([
      { code: "copy-relative-without-workdir", line: 0 },
      { code: "stage-unused", line: 0 },
    ]);
  });
});

describe("a stage by its number", () => {
  it.each([
    ["0", ["copy-from-itself"]],
    ["1", ["copy-from-later-stage"]],
    ["99", ["copy-from-later-stage"]],
  ])("%s is looked up as BuildKit does", async (number, codes) => {
    const text = `FROM debian:13 AS a\nCOPY --from=${number} /etc/hostname /x\nFROM a\nUSER 1000\n`;
    expect((await lint(text)).findings.map(({ code }) => code)).toEqual(codes);
  });
});
