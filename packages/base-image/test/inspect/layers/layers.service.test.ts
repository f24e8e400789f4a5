import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { lookUpServices, tempTree } from "@slipway/testkit";
import { describe, expect, it } from "vitest";

import { from } from "../../../src/stage/base.ts";
import { stage } from "../../../src/stage/stage.ts";
import { runCli } from "../../cli/run-cli.ts";
import { scratchBuild } from "../../engine/scratch-build.ts";

const services = lookUpServices("docker");

describe.skipIf(!services.available)("base-image layers", () => {
  it("shows the names of files without what could move a terminal's cursor", async () => {
    const base = stage("base", from("debian:trixie-slim"))
      .run("f=$(printf 'a\\033[31mb'); echo one > \"/$f\"")
      .run("f=$(printf 'a\\033[31mb'); echo two > \"/$f\"");
    await using image = await scratchBuild({ stages: [base] });
    const { stdout, code } = await runCli("layers", image.tag);
    expect(code).toBe(0);
    expect(stdout).toContain("/ab\n");
    expect(stdout).not.toContain("\u001B");
  });

  it("tells what a real image's layers hold, waste and have beyond their base", async () => {
    const base = stage("base", from("debian:trixie-slim"))
      .run("head -c 3000000 /dev/urandom > /data; mkdir /d; head -c 500000 /dev/urandom > /d/x")
      .run("rm -r /data /d");
    await using image = await scratchBuild({ stages: [base] });
    await using tree = await tempTree({});
    const page = join(tree.path, "layers.html");

    const { stdout, code } = await runCli(
      "layers",
      image.tag,
      "--against",
      "debian:trixie-slim",
      "--html",
      page,
      "--json",
    );

    expect(code).toBe(0);
    const summary = JSON.parse(stdout.trim()) as Record<string, never>;
    expect(summary).toMatchObject({
      type: "summary",
      against: { image: "debian:trixie-slim", sharedLayers: 1, addedWaste: 6_500_000, packages: [] },
      layers: [{ shared: true }, { shared: false }, { shared: false }],
      efficiency: {
        wastedBytes: 6_500_000,
        wasted: [
          { path: "data", bytes: 6_000_000, times: 2 },
          { path: "d", bytes: 500_000, times: 2 },
        ],
      },
    });
    expect(await readFile(page, "utf8")).toContain("<svg");
  });

  it("refuses an image that is not there, and a page that cannot be written", async () => {
    expect(await runCli("layers", "absent:1")).toMatchObject({ code: 2, stderr: expect.stringContaining("absent:1") });
    const unwritable = await runCli("layers", "debian:trixie-slim", "--html", "/nowhere/x.html");
    expect(unwritable).toMatchObject({ code: 2, stderr: expect.stringContaining("/nowhere/x.html") });
  });
});
