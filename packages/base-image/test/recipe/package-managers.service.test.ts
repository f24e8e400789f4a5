import Dockerode from "dockerode";
import { lookUpServices } from "@slipway/testkit";
import { describe, expect, it } from "vitest";

import { assertionsFor } from "../../src/inspect/assertions.ts";
import { probeImage } from "../../src/inspect/image-probe.ts";
import { verifyImage } from "../../src/inspect/verify.ts";
import { rubyNode } from "../../src/recipe/ruby-node.ts";
import { builtImage, SHARED_INPUT } from "../shared-base.ts";

const services = lookUpServices("docker");

const { bundler: _, ...WITHOUT_BUNDLER } = SHARED_INPUT;

/** Each way a package manager gets into the image, and both nodes. */
const MANAGERS = [
  ["24", "yarn@1.22.19"],
  ["24", "yarn@4.18.1"],
  ["24", "pnpm@10.33.0"],
  ["24", "pnpm@12.21.0"],
  ["24", "npm@11.6.2"],
  ["22", "yarn@1.22.22"],
] as const;

describe.skipIf(!services.available)("package managers", () => {
  it.each(MANAGERS)("node %s with %s: of this version, offline, for the application's user", async (node, spec) => {
    const definition = rubyNode({ ...WITHOUT_BUNDLER, node, packageManager: spec });
    const [manager = "", version = ""] = spec.split("@");
    const probe = await probeImage(new Dockerode(), await builtImage(definition, "runtime"));
    const names = [`node is ${node}`, `${manager} is ${version}`, "user app can npm install"];
    const wanted = [...names, `user app can ${manager} install`, "no package caches are left"];
    const assertions = assertionsFor(definition, "runtime").filter(({ name }) => wanted.includes(name));
    expect(assertions.map(({ name }) => name).toSorted()).toEqual([...new Set(wanted)].toSorted());
    expect((await verifyImage(probe, assertions, () => {})).failed).toEqual([]);
  });
});
