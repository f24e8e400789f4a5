import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

import { lookUpServices, tempTree } from "@slipway/testkit";
import Dockerode from "dockerode";
import { describe, expect, it } from "vitest";

import { probeImage } from "../../src/inspect/image-probe.ts";
import { settingAssertions } from "../../src/inspect/settings.ts";
import { verifyImage } from "../../src/inspect/verify.ts";
import { aptInstall } from "../../src/recipe/apt.ts";
import { certificate, trust } from "../../src/recipe/certificate.ts";
import { from } from "../../src/stage/base.ts";
import { stage } from "../../src/stage/stage.ts";
import { scratchBuild } from "../engine/scratch-build.ts";

const services = lookUpServices("docker");

describe.skipIf(!services.available)("authorities", () => {
  it("are in the system's store, where verify finds them, and misses one that is not", async () => {
    await using tree = await authority();
    const pem = certificate(join(tree.path, "ca.crt"));
    const trusting = stage("trusting", from("ruby:3.3-slim-trixie")).with(trust([pem]));
    const betraying = trusting.run("rm /usr/local/share/ca-certificates/* && update-ca-certificates --fresh");
    const settings = { timeZone: undefined, locale: "C.UTF-8", fonts: [], certificates: [pem] };
    const outcomes = [];
    for (const each of [trusting, betraying]) {
      await using image = await scratchBuild({ stages: [each] });
      const probe = await probeImage(new Dockerode(), image.tag);
      const { failed } = await verifyImage(probe, settingAssertions(settings), () => {});
      outcomes.push(failed.map(({ name }) => name));
    }
    expect(outcomes).toEqual([[], [expect.stringMatching(/^the authority …\S+ is trusted$/)]]);
  });

  it("of a build are seen by apt and are in no layer", async () => {
    await using tree = await authority();
    const installed = stage("installed", from("debian:trixie-slim")).with(aptInstall(["tini"], { certificates: "ca" }));
    const secrets = [{ id: "ca", src: join(tree.path, "ca.crt") }];
    await using image = await scratchBuild({ stages: [installed] }, { secrets, network: "host" });
    const probe = await probeImage(new Dockerode(), image.tag);
    const script = "test -x /usr/bin/tini; find /run/secrets -type f 2>/dev/null || true";
    expect(await probe.run({ command: ["sh", "-ec", script], entrypoint: false })).toEqual({ exitCode: 0, output: "" });
    expect(JSON.stringify(probe.config)).not.toContain("BEGIN CERTIFICATE");
  });
});

async function authority(): ReturnType<typeof tempTree> {
  const tree = await tempTree({});
  const args = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  await promisify(execFile)("openssl", [...args, "-subj", "/CN=probe", "-keyout", "/dev/null", "-out", "ca.crt"], {
    cwd: tree.path,
  });
  return tree;
}
