import { describe, expect, it } from "vitest";

import { expand, modify, variable } from "../../src/dockerfile/text.ts";
import { from } from "../../src/stage/base.ts";
import { cache } from "../../src/stage/mount.ts";
import { script } from "../../src/stage/run-step.ts";
import { stage, type Stage } from "../../src/stage/stage.ts";
import { rejection } from "../rejection.ts";

const so = stage("a", from("debian:trixie-slim"));

const CALLS: Readonly<Record<string, (text: string) => unknown>> = {
  "a word of CMD": (text) => so.cmd(["echo", text]),
  "a word of RUN": (text) => so.run(["echo", text]),
  "the text of RUN": (text) => so.run(`echo ${text}`),
  "a script": (text) => so.run(script(`echo ${text}`)),
  "a value of ENV": (text) => so.env({ A: text }),
  "a name of LABEL": (text) => so.label({ [text]: "a" }),
  "a piece beside a variable": (text) => so.env({ A: expand`${variable("B")}${text}` }),
  "a source": (text) => so.copy(text, "/a"),
  "a target": (text) => so.copy("a", text),
  "a body": (text) => so.write("/a", text),
  "a WORKDIR": (text) => so.workdir(text),
  "a mount": (text) => so.run("x", { mounts: [cache(text)] }),
  "an image": (text) => from(text),
};

describe("text that no file can hold", () => {
  it.each(
    Object.entries(CALLS).flatMap(([what, call]) =>
      ["x\uD800", "\uDE00x", "x\0y"].map((text) => [what, text, call] as const),
    ),
  )("is refused where it is given: %s, %j", async (_, text, call) => {
    const error = await rejection(() => call(text));
    expect(error).toMatchObject({ exitCode: 2 });
  });

  it("is told from what is a pair", () => {
    expect(() => so.cmd(["echo", "\u{1F600}"])).not.toThrow();
  });
});

describe("a modifier where BuildKit does not expand", () => {
  const value = modify(variable("A"), ":-", "x");

  it.each([
    ["run", (): Stage => so.run(expand`echo ${value}`)],
    ["cmd", (): Stage => so.cmd(expand`echo ${value}`)],
    ["healthcheck", (): Stage => so.healthcheck(expand`echo ${value}`)],
    ["write", (): Stage => so.write("/a", expand`a ${value}`)],
  ])("is refused by %s, instead of being left out", async (_, call) => {
    const error = await rejection(() => call());
    expect(error.message).toContain("the variable A with the modifier :-; expected a variable without one");
  });
});
