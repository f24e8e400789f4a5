import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";

import { describe, expect, it } from "vitest";

import { NODE_RANGE, refuseNode, unsupportedNode } from "../../src/cli/node-version.ts";

describe("the version of node", () => {
  it.each(["22.18.0", "22.99.1", "24.11.0", "24.21.0", "26.0.0", "27.1.0"])("may be %s", (version) => {
    expect(unsupportedNode(version)).toBeUndefined();
  });

  it.each(["18.20.8", "20.20.2", "22.17.1", "23.11.0", "24.10.0", "25.2.1"])("may not be %s", (version) => {
    expect(unsupportedNode(version)).toBe(
      `needs Node 22.18 or later (^22.18 || ^24.11 || >=26); this is Node ${version}`,
    );
  });

  it("is the one that package.json asks for", async () => {
    const manifest = await readFile(join(import.meta.dirname, "..", "..", "package.json"), "utf8");
    expect(JSON.parse(manifest)).toMatchObject({ engines: { node: NODE_RANGE } });
  });

  it("is looked at before anything is loaded that an older one cannot load", async () => {
    const src = join(import.meta.dirname, "..", "..", "src");
    const pending = ["cli/main.ts"];
    for (const file of pending) {
      const source = await readFile(join(src, file), "utf8");
      const found = [...source.matchAll(/^import (?!type).* from "(.+)";$/gm)].map(([, path = ""]) =>
        join(dirname(file), path),
      );
      pending.push(...found.filter((path) => !pending.includes(path)));
    }
    const tables = ["error-table.ts", "stage-errors.ts", "engine-errors.ts", "registry-errors.ts"];
    expect(pending).toEqual(["cli/main.ts", "cli/node-version.ts", "errors.ts", "cli/failure.ts", ...tables]);
  });

  it("is refused in words, and with --json in lines too", async () => {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    expect(refuseNode("20.20.2", ["--json", "render"], { stdout, stderr })).toBe(2);
    expect(await text(stderr.end())).toMatch(/^base-image: needs Node 22\.18.*\n {2}Run .*\n {2}\[BASE_/);
    const lines = (await text(stdout.end())).trimEnd().split("\n");
    expect(lines.map((line): unknown => JSON.parse(line))).toEqual([
      expect.objectContaining({ type: "error", code: "BASE_IMAGE_NODE_UNSUPPORTED", exitCode: 2 }),
      { type: "summary", exitCode: 2 },
    ]);
  });
});
