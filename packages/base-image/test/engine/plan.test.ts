import { expect, it } from "vitest";

import { arg, expand, modify } from "../../src/dockerfile/text.ts";
import { dockerBuildArguments, needsBuildx } from "../../src/engine/docker-command.ts";
import { planBuild } from "../../src/engine/plan.ts";
import { from } from "../../src/stage/base.ts";
import { defineImage } from "../../src/stage/image.ts";
import { ssh } from "../../src/stage/mount.ts";
import { stage, type Stage } from "../../src/stage/stage.ts";

function planOf(only: Stage): ReturnType<typeof planBuild> {
  return planBuild({ definition: defineImage({ name: "x", stages: [only] }), file: "", folder: "/" });
}

it("gives the build every SSH agent by its id", async () => {
  const plan = await planOf(stage("a", "debian").run("x", { mounts: [ssh({ id: "github" }), ssh(), ssh()] }));
  const options = { tags: [], buildArgs: {}, secrets: [], network: undefined, noCache: false };
  expect(dockerBuildArguments(plan, options).join(" ")).toContain("--ssh github --ssh default --label");
  expect(needsBuildx(plan)).toBe(true);
});

it("takes no build argument that only a trigger uses", async () => {
  const plan = await planOf(
    stage("a", "debian")
      .env({ A: arg("A") })
      .onbuild((on) => on.env({ B: arg("B") })),
  );
  expect(plan.args).toEqual(["A"]);
});

it("knows a base by its arguments with their modifiers", async () => {
  const suite = modify(arg("SUITE"), ":-", "trixie");
  const plan = await planOf(stage("a", from(expand`ruby:${modify(arg("V", "v3.4"), "#", "v")}-${suite}`)));
  expect(plan.bases).toEqual([{ reference: "ruby:3.4-trixie", args: ["V", "SUITE"], unset: [] }]);
});
