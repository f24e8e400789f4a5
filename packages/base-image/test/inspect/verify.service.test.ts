import Dockerode from "dockerode";
import { beforeAll, describe, expect, it } from "vitest";

import { lookUpServices } from "@slipway/testkit";

import { assertionsFor } from "../../src/inspect/assertions.ts";
import { probeImage } from "../../src/inspect/image-probe.ts";
import { verifyImage, type Verification } from "../../src/inspect/verify.ts";
import { from } from "../../src/stage/base.ts";
import { stage, type Stage } from "../../src/stage/stage.ts";
import { rejection } from "../rejection.ts";
import { scratchBuild } from "../engine/scratch-build.ts";
import { SHARED_BASE, sharedBase } from "../shared-base.ts";

const services = lookUpServices("docker");

describe.skipIf(!services.available)("verify", () => {
  let runtime = "";

  beforeAll(async () => {
    runtime = await sharedBase("runtime");
  });

  it.each(["runtime", "builder"] as const)("finds nothing wrong with a %s image of the definition", async (variant) => {
    const verification = await verify(await sharedBase(variant), variant);
    expect(verification.failed).toEqual([]);
    expect(verification.passed).toBeGreaterThan(20);
  });

  it.each<readonly [string, (so: Stage) => Stage, readonly string[]]>([
    [
      "another node",
      (so) => so.copy("/usr/local/bin/node", "/usr/local/bin/node", { from: from("node:22-trixie-slim") }),
      ["node is 24"],
    ],
    [
      "another yarn",
      (so) => so.write("/usr/local/bin/yarn", "#!/bin/sh\necho 1.22.19\n", { chmod: "0755" }),
      ["yarn is 1.22.22"],
    ],
    [
      "a missing library",
      (so) => so.run("rm -f /usr/lib/*/libgmp.so.10*"),
      ["ruby is 3.3", "ruby finds its libraries"],
    ],
    [
      "gems that only root may install",
      (so) => so.run('chmod -R go-w "$GEM_HOME" && chown -R 0:0 "$GEM_HOME"'),
      ["user app can bundle install"],
    ],
    ["root as its user", (so) => so, ["runs as 1000:1000"]],
    ["a label that is not so", (so) => so.user("1000").label({ "slipway.node": "22" }), ["label slipway.node is 24"]],
    [
      "an entry point that swallows TERM and exit codes",
      (so) => so.user("1000").entrypoint(["/bin/sh", "-c", 'trap "" TERM; "$@"; exit 0', "sh"]),
      ["exit codes pass through", "TERM reaches the application", "TERM ends an application without a handler"],
    ],
  ])("goes red on %s, and only on that", async (_, breakIt, expected) => {
    await using image = await scratchBuild({ stages: [breakIt(stage("broken", from(runtime)).user("root"))] });
    const { failed, passed } = await verify(image.tag, "runtime", [...expected, ...UNHARMED]);
    expect(failed.map(({ name }) => name).toSorted()).toEqual(expected.toSorted());
    expect(passed).toBe(UNHARMED.length);
  });

  it("goes red, and does not break, on an image that has none of it", async () => {
    const names = ["ruby is 3.3", "tini is installed", "exit codes pass through"];
    const { failed } = await verify("debian:trixie-slim", "runtime", names);
    expect(failed.map(({ name }) => name)).toEqual(["ruby is 3.3", "tini is installed"]);
    expect(failed[0]?.found).toMatch(/^exit code 127: .*"ruby"/);
  });

  it("refuses an image the engine does not have", async () => {
    const error = await rejection(() => probeImage(new Dockerode(), "slipway-test:absent"));
    expect(error).toMatchObject({ code: "BASE_IMAGE_IMAGE_NOT_FOUND", exitCode: 2 });
  });
});

/** What none of the broken images breaks. */
const UNHARMED = ["tini is installed", "label slipway.ruby is 3.3"];

/** Holds an image against the definition, or only against the assertions of these names. */
async function verify(tag: string, variant: "builder" | "runtime", names?: readonly string[]): Promise<Verification> {
  const assertions = assertionsFor(SHARED_BASE, variant).filter(
    ({ name }) => names === undefined || names.includes(name),
  );
  return verifyImage(await probeImage(new Dockerode(), tag), assertions, () => {});
}
