import { join } from "node:path";

import { tempTree } from "@slipway/testkit";
import { describe, expect, it } from "vitest";

import { lockPath, readLock, writeLock } from "../../src/config/lock-file.ts";
import { imagesToResolve, pinsAfter, planLock } from "../../src/config/lock-plan.ts";
import { bind } from "../../src/stage/mount.ts";
import { from } from "../../src/stage/base.ts";
import { fileOf, renderDockerfile, stagesOf } from "../../src/stage/dockerfile.ts";
import { defineImage, withPins } from "../../src/stage/image.ts";
import { pinnableImages } from "../../src/stage/pins.ts";
import { stage } from "../../src/stage/stage.ts";
import { namedContext } from "../../src/stage/base.ts";

const digest = (letter: string): string => `sha256:${letter.repeat(64)}`;

describe("a lock file", () => {
  it("stands beside its definition, under its name", () => {
    expect(lockPath("/a/base-image.config.ts")).toBe("/a/base-image.lock.json");
    expect(lockPath("/a/image.config.mts")).toBe("/a/image.lock.json");
  });

  it("comes back as it was written", async () => {
    await using tree = await tempTree({});
    const file = join(tree.path, "x.lock.json");
    expect(await readLock(file)).toEqual(new Map());
    const pins = new Map([
      ["ruby:3.3", digest("a")],
      ["debian:trixie", digest("b")],
    ]);
    await writeLock(file, pins);
    expect(await readLock(file)).toEqual(pins);
  });

  it.each([
    ["{", "is not JSON"],
    ["[]", "has the format undefined"],
    ["null", "is not an object"],
    ['{"format":"slipway-lock/2","images":{}}', 'has the format "slipway-lock/2"'],
    ['{"format":"slipway-lock/1"}', "has no images"],
    ['{"format":"slipway-lock/1","images":{"ruby":"latest"}}', 'pins ruby to "latest"'],
  ])("of %s is refused: it %s", async (content, words) => {
    await using tree = await tempTree({ "x.lock.json": content });
    const refused = readLock(join(tree.path, "x.lock.json"));
    await expect(refused).rejects.toMatchObject({ code: "BASE_IMAGE_LOCK_FILE", exitCode: 2 });
    await expect(refused).rejects.toThrow(words);
  });
});

describe("the plan of a lock", () => {
  const pins = new Map([
    ["old", digest("a")],
    ["gone", digest("b")],
  ]);

  it("asks for what has no pin, and for everything on an update", () => {
    expect(imagesToResolve(["old", "new"], pins, false)).toEqual(["new"]);
    expect(imagesToResolve(["old", "new"], pins, true)).toEqual(["old", "new"]);
  });

  it("says what is added, moved, kept and dropped", () => {
    const resolved = new Map([
      ["old", digest("c")],
      ["new", digest("d")],
    ]);
    const changes = planLock(["old", "new"], pins, resolved);
    expect(changes.map(({ image, change }) => `${image} ${change}`)).toEqual([
      "old moved",
      "new added",
      "gone dropped",
    ]);
    expect(pinsAfter(changes)).toEqual(resolved);
    expect(planLock(["old"], pins, new Map()).map(({ change }) => change)).toEqual(["kept", "dropped"]);
  });
});

describe("a pinned definition", () => {
  const source = stage("source", from("debian:trixie-slim")).run("true");
  const app = stage("app", from("ruby:3.3@sha256:" + "0".repeat(64)))
    .copy("/a", "/a", { from: source })
    .copy("/b", "/b", { from: from("node:24") })
    .copy("/c", "/c", { from: namedContext("assets") })
    .run("true", { mounts: [bind("/m", { from: from("busybox:1") })] });
  const definition = defineImage({ name: "x", stages: [source, app] });

  it("knows its images: no stages, no build contexts, nothing that has a digest", () => {
    expect(pinnableImages(fileOf(definition, stagesOf(definition)))).toEqual([
      "debian:trixie-slim",
      "node:24",
      "busybox:1",
    ]);
  });

  it("is rendered with the digests, everywhere", () => {
    const images = ["debian:trixie-slim", "node:24", "busybox:1", "source", "assets"];
    const pins = new Map(images.map((image, index) => [image, digest(String(index))]));
    const { text } = renderDockerfile(withPins(definition, pins));
    expect(text).toContain(`FROM debian:trixie-slim@${digest("0")} AS source\n`);
    expect(text).toContain(`--from=node:24@${digest("1")} `);
    expect(text).toContain(`from=busybox:1@${digest("2")}`);
    expect(text).toContain("--from=source ");
    expect(text).toContain("--from=assets ");
  });
});
