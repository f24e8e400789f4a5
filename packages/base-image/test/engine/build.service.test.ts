import { rm } from "node:fs/promises";

import Dockerode from "dockerode";
import { describe, expect, it } from "vitest";

import { lookUpServices, outputOf, tempTree } from "@slipway/testkit";

import { cache, secret } from "../../src/stage/mount.ts";
import { arg } from "../../src/dockerfile/text.ts";
import { build } from "../../src/engine/build.ts";
import { INPUT_LABEL } from "../../src/engine/docker-command.ts";
import { planBuild } from "../../src/engine/plan.ts";
import type { BuildEvent } from "../../src/events.ts";
import { probeImage } from "../../src/inspect/image-probe.ts";
import { from } from "../../src/stage/base.ts";
import { defineImage } from "../../src/stage/image.ts";
import { stage, type Stage } from "../../src/stage/stage.ts";
import { rejection } from "../rejection.ts";
import { scratchBuild } from "./scratch-build.ts";

const services = lookUpServices("docker");
const debian = from("debian:trixie-slim");
const version = arg("VERSION", "1");

/** The same stage for either builder: an optional secret is what moves a build to buildx. */
function either(through: string, so: Stage): Stage {
  return through === "buildx" ? so.run("true", { mounts: [secret("unused", { required: false })] }) : so;
}

describe.skipIf(!services.available).each(["engine", "buildx"])(`a build through %s`, (through) => {
  it("gives the image's id, its tags and its input hash, and reports each step", async () => {
    await using tree = await tempTree({ "app/a.txt": "hello", "app/.dockerignore": "*.log", "app/x.log": "no" });
    const so = either(
      through,
      stage("app", debian)
        .copy(".", "/app/")
        .run('echo "version $VERSION"; ls -A /app > /listing', { args: [version], mounts: [cache("/c")] }),
    );
    await using image = await scratchBuild(
      { stages: [so], context: "app" },
      { folder: tree.path, buildArgs: { VERSION: "7" }, noCache: true },
    );
    const probe = await probeImage(new Dockerode(), image.tag);
    expect(image.id).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(probe.config.labels[INPUT_LABEL]).toMatch(/^[0-9a-f]{64}$/);
    const listing = await probe.run({ command: ["cat", "/listing"], entrypoint: false });
    expect(listing.output.split("\n")).toEqual(expect.arrayContaining(["a.txt"]));
    expect(listing.output).not.toContain("x.log");
    const output = image.events.flatMap((event) => (event.type === "step-output" ? [event.text] : []));
    expect(output.join("")).toContain("version 7");
    const finished = image.events.filter(({ type }) => type === "step-finished");
    expect(finished.length).toBeGreaterThanOrEqual(2);
    expect(image.events.at(-1)).toEqual({ type: "image-built", image: image.id, tags: [image.tag] });
  });

  it("says which instruction failed, its last words and its exit code", async () => {
    const so = either(through, stage("app", debian)).run("echo one && echo the reason >&2 && exit 7");
    const error = await rejection(() => scratchBuild({ stages: [so] }));
    expect(error.code).toBe("BASE_IMAGE_BUILD_FAILED");
    expect(error.message).toMatch(/RUN echo one.* failed: exit code 7/s);
    expect(error.message).toContain("  | the reason");
  });

  it("stops when it is interrupted", async () => {
    const interruption = new AbortController();
    const so = either(through, stage("app", debian)).run("echo begun && sleep 60");
    const error = await rejection(() =>
      scratchBuild(
        { stages: [so] },
        {
          noCache: true,
          signal: interruption.signal,
          onEvent: (event) => {
            if (event.type === "step-output" && event.text.includes("begun")) interruption.abort();
          },
        },
      ),
    );
    expect(error).toMatchObject({ code: "BASE_IMAGE_INTERRUPTED", exitCode: 130 });
  });

  it("names a file that goes before it is sent", async () => {
    await using tree = await tempTree({ "a.txt": "1" });
    const definition = defineImage({ name: "x", context: ".", stages: [either(through, stage("app", debian))] });
    const plan = await planBuild({ definition, file: "", folder: tree.path });
    await rm(`${tree.path}/a.txt`);
    const options = { tags: [], buildArgs: {}, secrets: [], network: undefined, noCache: false };
    const error = await rejection(() => build(plan, options, () => {}));
    expect(error.code).toBe("BASE_IMAGE_CONTEXT_ENTRY");
    expect(error.message).toContain(`${tree.path}/a.txt changed while the build began: ENOENT`);
  });

  it("says what BuildKit says when no instruction ran", async () => {
    const so = either(through, stage("app", from("slipway-test.invalid/no-such-image:1")));
    const error = await rejection(() => scratchBuild({ stages: [so] }));
    expect(error.message).toContain("slipway-test.invalid/no-such-image:1");
  });
});

describe.skipIf(!services.available)("a secret", () => {
  it("is seen by its RUN and by nothing else", async () => {
    const value = `s3cret-${process.pid}-${Date.now()}`;
    await using tree = await tempTree({ token: value });
    const so = stage("app", debian)
      .run("sha256sum < /run/secrets/token > /digest", { mounts: [secret("token")] })
      .run('printf %s "$KEY" | sha256sum >> /digest', { mounts: [secret("key", { env: "KEY" })] });
    process.env["SLIPWAY_TEST_SECRET"] = value;
    const secrets = [
      { id: "token", src: `${tree.path}/token` },
      { id: "key", env: "SLIPWAY_TEST_SECRET" },
    ];
    await using image = await scratchBuild({ stages: [so] }, { secrets, noCache: true });
    const probe = await probeImage(new Dockerode(), image.tag);
    const { output } = await probe.run({ command: ["cat", "/digest"], entrypoint: false });
    const digest = outputOf("sha256sum", [], { input: value });
    expect(output).toBe(digest + digest);
    const history = outputOf("docker", ["history", "--no-trunc", image.tag]);
    const unpack = `docker save ${image.tag} | tar -x -C "$0" && find "$0" -type f -exec zcat -f {} + | grep -c -a -e`;
    const occurrences = (text: string): string =>
      outputOf("sh", ["-c", `${unpack} "$1" || true`, tree.path, text]).trim();
    expect(history).not.toContain(value);
    expect(occurrences("debian")).not.toBe("0");
    await rm(`${tree.path}/token`);
    expect(occurrences(value)).toBe("0");
  });

  it("is in no event and in no error, though a program prints it", async () => {
    await using tree = await tempTree({ token: "aws_key = AKIA-not-a-key\n" });
    const events: BuildEvent[] = [];
    const so = stage("app", debian).run("cat /run/secrets/token; sed s/.*=// /run/secrets/token; exit 3", {
      mounts: [secret("token")],
    });
    const error = await rejection(() =>
      scratchBuild(
        { stages: [so] },
        {
          secrets: [{ id: "token", src: `${tree.path}/token` }],
          noCache: true,
          onEvent: (event) => events.push(event),
        },
      ),
    );
    expect(error.message).toContain("***");
    expect(error.message).not.toContain("AKIA");
    expect(events.some(({ type }) => type === "step-output")).toBe(true);
    expect(JSON.stringify(events)).not.toContain("AKIA");
  });

  it("is asked for before anything starts", async () => {
    const so = stage("app", debian).run("true", { mounts: [secret("aws")] });
    const error = await rejection(() => scratchBuild({ stages: [so] }));
    expect(error).toMatchObject({ code: "BASE_IMAGE_SECRET_MISSING", exitCode: 2 });
  });
});
