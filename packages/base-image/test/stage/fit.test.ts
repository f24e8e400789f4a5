import { describe, expect, it } from "vitest";

import { FEATURES, lowestFrontend } from "../../src/dockerfile/frontend.ts";
import type { Instruction } from "../../src/dockerfile/instruction.ts";
import { expand, modify, variable } from "../../src/dockerfile/text.ts";
import { namedContext } from "../../src/stage/base.ts";
import { frontendFor, renderDockerfile } from "../../src/stage/dockerfile.ts";
import { defineImage, type ImageInput } from "../../src/stage/image.ts";
import { cache, secret } from "../../src/stage/mount.ts";
import { script } from "../../src/stage/run-step.ts";
import { stage, type Stage } from "../../src/stage/stage.ts";
import { rejection } from "../rejection.ts";

const so = stage("s", "debian");

/** A use of every feature. */
const USES: Readonly<Record<string, Stage>> = {
  "ADD --keep-git-dir": so.add("https://example.com/r.git", "/r", { keepGitDir: true }),
  "RUN --mount": so.run("x", { mounts: [cache("/c")] }),
  "--chmod": so.copy("a", "/b", { chmod: "0644" }),
  "RUN --network": so.run("x", { network: "none" }),
  "a variable in a mount": so.run("x", { mounts: [cache(expand`/c/${variable("A")}`)] }),
  "the modifiers - + and ? without a colon": so.workdir(expand`/${modify(variable("A"), "-", "x")}`),
  "a variable in --chmod": so.copy("a", "/b", { chmod: variable("MODE") }),
  "--link": so.copy("a", "/b", { link: true }),
  heredocs: so.write("/a", "x"),
  "HEALTHCHECK --start-interval": so.healthcheck("x", { startInterval: "1s" }),
  "ADD --checksum": so.add("https://example.com/a", "/a", { checksum: `sha256:${"0".repeat(64)}` }),
  "the modifiers # % and /": so.workdir(expand`/${modify(variable("A"), "%", "x*")}`),
  "RUN --mount=type=secret,env=": so.run("x", { mounts: [secret("a", { env: "A" })] }),
  "a --chmod in letters": so.copy("a", "/b", { chmod: "u+x" }),
  "RUN --device": so.run("x", { devices: ["vendor.com/class=name"] }),
  "ADD --unpack": so.add("a.tgz", "/b/", { unpack: false }),
  "--exclude": so.copy("a", "/b", { exclude: ["*.o"] }),
  "COPY --parents": so.copy("a", "/b/", { parents: true }),
  "RUN --security": so.run("x", { security: "insecure" }),
};

function render(stages: Stage, input: Partial<ImageInput> = {}): string {
  return renderDockerfile(defineImage({ name: "x", stages: [stages], ...input })).text;
}

function instructionsOf(stages: Stage): readonly Instruction[] {
  return stages.steps.flatMap(({ instruction }) => (instruction.instruction === "COMMENT" ? [] : [instruction]));
}

describe("the frontend", () => {
  it("has a use of every feature in these tests", () => {
    expect(Object.keys(USES).toSorted()).toEqual(FEATURES.map(({ name }) => name).toSorted());
  });

  it.each(FEATURES)("needs $frontend for $name, and says so to an older one", async ({ name, frontend, without }) => {
    const use = USES[name] ?? so;
    expect(lowestFrontend(instructionsOf(use))).toBe(frontend);
    expect(render(use, { syntax: `docker/dockerfile:${frontend}-labs` })).toContain(
      `# syntax=docker/dockerfile:${frontend}-labs\n`,
    );
    if (
      without?.(instructionsOf(use)[0] ?? { instruction: "CMD", command: { form: "exec", words: [] } }, []) !==
      undefined
    )
      return;
    const error = await rejection(() => render(use, { frontend: "1.0" }));
    expect(error.code).toBe("BASE_IMAGE_FRONTEND_TOO_OLD");
    expect(error.message).toContain(`docker/dockerfile ${frontend}`);
  });

  it("counts versions as numbers", () => {
    expect(lowestFrontend(instructionsOf(so.run("x", { mounts: [secret("a", { env: "A" })] })))).toBe("1.10");
    expect(lowestFrontend([])).toBe("1.0");
  });

  it("writes no syntax line by itself, and one where it is asked for, before everything else", () => {
    expect(render(so)).toBe("FROM debian AS s\n");
    expect(render(so.describe("about"), { syntax: "docker/dockerfile:1" })).toBe(
      "# syntax=docker/dockerfile:1\n\n# about\nFROM debian AS s\n",
    );
  });

  it("reads the version of the syntax line", async () => {
    expect(render(USES["COPY --parents"] ?? so, { syntax: "docker/dockerfile:1" })).toContain("--parents");
    const error = await rejection(() => render(USES["COPY --parents"] ?? so, { syntax: "docker/dockerfile:1.7" }));
    expect(error.message).toContain("the target is syntax docker/dockerfile:1.7");
    const labs = await rejection(() => render(USES["RUN --device"] ?? so, { syntax: "docker/dockerfile:1.14" }));
    expect(labs.message).toContain("docker/dockerfile 1.27 (or 1.14-labs)");
    expect(render(USES["RUN --device"] ?? so, { syntax: "docker/dockerfile:1.14-labs" })).toContain("--device");
  });

  it("looks into triggers", async () => {
    const trigger = so.onbuild((on) => on.copy("a", "/b/", { parents: true }));
    expect((await rejection(() => render(trigger, { frontend: "portable" }))).message).toContain("COPY --parents");
  });

  it("writes what means the same for portable readers", () => {
    const text = render(so.run(script("a\nb")).copy("a", "/b", { link: true }), { frontend: "portable" });
    expect(text).toBe('FROM debian AS s\nRUN ["/bin/sh", "-c", "set -e\\na\\nb\\n"]\nCOPY a /b\n');
  });

  it("gives a script to the shell that SHELL has chosen, in a stage below too", () => {
    const bash = stage("bash", "debian").shell(["/bin/bash", "-c"]);
    const stages = [bash, stage("on", bash).run(script("a"))];
    const { text } = renderDockerfile(defineImage({ name: "x", stages, frontend: "portable" }));
    expect(text).toContain('RUN ["/bin/bash", "-c", "set -e\\na\\n"]\n');
  });

  it("refuses portable readers a script of another program, and a start interval", async () => {
    const ruby = so.run(script("#!/usr/bin/ruby\np 1"));
    expect((await rejection(() => render(ruby, { frontend: "portable" }))).message).toContain("heredocs");
    const check = so.healthcheck("x", { startInterval: "1s" });
    expect((await rejection(() => render(check, { frontend: "portable" }))).message).toContain("Docker Engine 25.0");
  });
});

it("refuses a named context where the reader would take it for an image", async () => {
  const copying = stage("a", "debian").copy("/x", "/x", { from: namedContext("extra") });
  for (const frontend of ["portable", "1.3"] as const) {
    const made = defineImage({ name: "x", stages: [copying], frontend });
    expect(await rejection(() => renderDockerfile(made))).toMatchObject({
      code: "BASE_IMAGE_FRONTEND_TOO_OLD",
      message: expect.stringContaining("uses the named context extra, which needs docker/dockerfile 1.4"),
    });
  }
  expect(frontendFor(defineImage({ name: "x", stages: [copying] }))).toBe("1.4");
});
