import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";

import { lookUpServices, tempTree } from "@slipway/testkit";
import { describe, expect, it } from "vitest";

import { runProgram } from "../../../src/cli/program.ts";
import { from } from "../../../src/stage/base.ts";
import { stage } from "../../../src/stage/stage.ts";
import { scratchBuild } from "../../engine/scratch-build.ts";

const services = lookUpServices("docker");

describe.skipIf(!services.available)("base-image layers", () => {
  it("tells what a real image's layers hold, waste and have beyond their base", async () => {
    const base = stage("base", from("debian:trixie-slim"))
      .run("head -c 3000000 /dev/urandom > /data; mkdir /d; head -c 500000 /dev/urandom > /d/x")
      .run("rm -r /data /d");
    await using image = await scratchBuild({ stages: [base] });
    await using tree = await tempTree({});
    const page = join(tree.path, "layers.html");

    const { stdout, exitCode } = await layers([image.tag, "--against", "debian:trixie-slim", "--html", page, "--json"]);

    expect(exitCode).toBe(0);
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
    expect(await layers(["absent:1"])).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("absent:1") });
    const unwritable = await layers(["debian:trixie-slim", "--html", "/nowhere/x.html"]);
    expect(unwritable).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("/nowhere/x.html") });
  });
});

async function layers(args: readonly string[]): Promise<{ stdout: string; stderr: string; exitCode: number }> {
  const streams = { stdout: new PassThrough(), stderr: new PassThrough() };
  const exitCode = await runProgram(["layers", ...args], streams, new AbortController().signal);
  const [stdout, stderr] = [text(streams.stdout.end()), text(streams.stderr.end())];
  return { stdout: await stdout, stderr: await stderr, exitCode };
}
