import Dockerode from "dockerode";
import { beforeAll, describe, expect, it } from "vitest";

import { lookUpServices } from "@slipway/testkit";

import { assertionsFor } from "../../src/inspect/assertions.ts";
import { probeImage, type ImageProbe } from "../../src/inspect/image-probe.ts";
import { stageAssertions } from "../../src/inspect/stage-assertions.ts";
import { verifyImage, type Verification } from "../../src/inspect/verify.ts";
import { from } from "../../src/stage/base.ts";
import { stage } from "../../src/stage/stage.ts";
import { rejection } from "../rejection.ts";
import { scratchBuild } from "../engine/scratch-build.ts";
import { SHARED_BASE, sharedBase } from "../shared-base.ts";
import { BUILDER_FAULTS, FAULTS } from "./faults.ts";

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

  it("finds that what the builder compiles loads in the runtime", async () => {
    const builder = await probeImage(new Dockerode(), await sharedBase("builder"));
    const { failed, passed } = await verify(runtime, "runtime", PAIRS, builder);
    expect({ failed, passed }).toEqual({ failed: [], passed: PAIRS.length });
    const other = await probeImage(new Dockerode(), "debian:trixie-slim");
    const { failed: without } = await verify(runtime, "runtime", PAIRS, other);
    expect(without.map(({ name }) => name)).toEqual(PAIRS);
    expect(without[0]?.found).toContain("in the builder: ");
  });

  it.each(FAULTS)("goes red on %s, and only on that", async (_, breakIt, expected) => {
    await using image = await scratchBuild({ stages: [breakIt(stage("broken", from(runtime)).user("root"))] });
    const { failed, passed } = await verify(image.tag, "runtime", [...expected, ...UNHARMED]);
    expect(failed.map(({ name }) => name).toSorted()).toEqual(expected.toSorted());
    expect(passed).toBe(UNHARMED.length);
  });

  it.each(BUILDER_FAULTS)("goes red on a builder with %s", async (_, breakIt, expected) => {
    await using image = await scratchBuild({ stages: [breakIt(stage("broken", from(await sharedBase("builder"))))] });
    const { failed, passed } = await verify(image.tag, "builder", [...expected, ...UNHARMED]);
    expect(failed.map(({ name }) => name).toSorted()).toEqual(expected.toSorted());
    expect(passed).toBe(UNHARMED.length);
  });

  it("finds what the instructions of own stages say in the image that is built from them", async () => {
    const below = stage("below", from("debian:trixie-slim")).workdir("/srv").env({ A: 'a "$B" c' }).cmd(["sh"]);
    const app = stage("app", below)
      .workdir("app")
      .expose(3000)
      .user("1000:1000")
      .entrypoint("exec tini")
      .label({ a: "b" });
    await using image = await scratchBuild({ stages: [below, app] });
    const assertions = stageAssertions(app);
    const probe = await probeImage(new Dockerode(), image.tag);
    expect(await verifyImage(probe, assertions, () => {})).toEqual({ passed: 7, failed: [] });
    const { passed } = await verifyImage(await probeImage(new Dockerode(), runtime), assertions, () => {});
    expect(passed).toBeLessThan(7);
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

/** What is compiled in one image and loaded in another. */
const PAIRS = ["a native gem compiled in the builder loads", "a node addon compiled in the builder loads"];

/** Holds an image against the definition, or only against the assertions of these names. */
async function verify(
  tag: string,
  variant: "builder" | "runtime",
  names?: readonly string[],
  builder?: ImageProbe,
): Promise<Verification> {
  const assertions = assertionsFor(SHARED_BASE, variant).filter(
    ({ name }) => names === undefined || names.includes(name),
  );
  return verifyImage(await probeImage(new Dockerode(), tag), assertions, () => {}, { builder });
}
