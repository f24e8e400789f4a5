import { array, assert, nat, property } from "fast-check";
import { describe, expect, it } from "vitest";

import { layerMap } from "../../../src/inspect/layers/layer-map.ts";
import { instructionOf, layerReport, layerReportText } from "../../../src/inspect/layers/layer-report.ts";
import type { SavedImage } from "../../../src/inspect/layers/layer.ts";
import { installedPackages } from "../../../src/inspect/layers/packages.ts";
import { readSavedImage } from "../../../src/inspect/layers/saved-image.ts";
import { treemap } from "../../../src/inspect/layers/treemap.ts";
import { archiveOf, inPieces, type ArchiveLayer } from "./archive.ts";

const paragraph = (name: string, version: string, size: number, state = "install ok installed"): string =>
  `Package: ${name}\nStatus: ${state}\nInstalled-Size: ${size}\nDescription: x\n Status: not a field\nVersion: ${version}\n`;
const status = (...paragraphs: readonly string[]): string => paragraphs.join("\n");

const BASE: ArchiveLayer = {
  createdBy: "COPY / / # buildkit",
  files: { "bin/sh": "s".repeat(1000), "var/lib/dpkg/status": status(paragraph("libc6", "2.41", 10)) },
};
const BEFORE: ArchiveLayer = {
  createdBy: "RUN /bin/sh -c apt-get  install",
  files: {
    "usr/tini": "1",
    "usr/gone": "12",
    "var/lib/dpkg/status": status(paragraph("libc6", "2.41", 10), paragraph("tini", "0.18", 5)),
  },
};
const AFTER: ArchiveLayer = {
  createdBy: "RUN /bin/sh -c apt-get  install",
  files: {
    "usr/tini": "123",
    "usr/<new>": "1".repeat(500),
    "var/lib/dpkg/status": status(paragraph("libc6", "2.41", 10), paragraph("tini", "0.19", 6), paragraph("x", "1", 1)),
  },
};

const saved = async (...layers: readonly ArchiveLayer[]): Promise<SavedImage> =>
  readSavedImage(inPieces(await archiveOf(layers)), "app:1");

describe("a report on layers", () => {
  it("compares two images by layers, paths and packages", async () => {
    const report = layerReport(await saved(BASE, AFTER), await saved(BASE, BEFORE));
    expect(report.layers.map(({ shared }) => shared)).toEqual([true, false]);
    expect(report.packages).toBe(3);
    expect(report.against).toMatchObject({ sharedLayers: 1 });
    expect(report.against?.paths).toEqual([
      { path: "usr/<new>", kind: "added", bytes: 500 },
      expect.objectContaining({ path: "var/lib/dpkg/status", kind: "changed" }),
      { path: "usr/gone", kind: "removed", bytes: -2 },
      { path: "usr/tini", kind: "changed", bytes: 2 },
    ]);
    expect(report.against?.packages).toEqual([
      { name: "tini", before: "0.18", after: "0.19", bytes: 1024 },
      { name: "x", before: undefined, after: "1", bytes: 1024 },
    ]);
  });

  it("says all of it in words", async () => {
    const text = layerReportText(layerReport(await saved(BASE, AFTER), await saved(BASE, BEFORE)));
    expect(text).toContain("3 packages");
    expect(text).toContain("= COPY / /\n");
    expect(text).toContain("  RUN apt-get install\n");
    expect(text).toContain("tini 0.18 → 0.19");
    expect(text).toContain("x (not there) → 1");
    expect(text).toMatch(/2 +\/var\/lib\/dpkg\/status/);
  });

  it("has all of it on one page that loads nothing, runs nothing and cannot be broken by a path", async () => {
    const image = await saved(BASE, AFTER);
    const page = layerMap(image, layerReport(image, await saved(BASE, BEFORE)));
    expect(page).not.toMatch(/<script|https?:|<new>|src=|@import/);
    expect(page).toContain("/usr/&#60;new&#62;");
    expect(page).toContain("<svg");
  });
});

describe("dpkg's status", () => {
  it("gives what is installed, and not what only its configuration is left of", () => {
    const text = status(paragraph("a", "1", 2), paragraph("b", "1", 2, "deinstall ok config-files"));
    expect(installedPackages(text)).toEqual([{ name: "a", version: "1", bytes: 2048 }]);
    expect(installedPackages("")).toEqual([]);
  });
});

describe("the instruction of a layer", () => {
  it.each([
    ["RUN /bin/sh -c apt-get update # buildkit", "RUN apt-get update"],
    ['/bin/sh -c #(nop)  CMD ["bash"]', 'CMD ["bash"]'],
    ["/bin/sh -c #(nop) ADD file:1 in / ", "ADD file:1 in / "],
    ["COPY a b # buildkit", "COPY a b"],
  ])("%j is %j", (createdBy, instruction) => expect(instructionOf(createdBy)).toBe(instruction));
});

describe("a treemap", () => {
  it("gives every thing its share of the area, within it and without overlap", () => {
    const things = array(nat(1000), { minLength: 1, maxLength: 30 });
    assert(
      property(things, (sizes) => {
        const total = sizes.reduce((sum, size) => sum + size, 0);
        const tiles = treemap(
          sizes.map((bytes, index) => ({ name: `${index}`, bytes })),
          { x: 0, y: 0, width: 300, height: 200 },
        );
        expect(tiles.length).toBe(sizes.filter((size) => size > 0).length);
        for (const { thing, x, y, width, height } of tiles) {
          expect(width * height).toBeCloseTo((thing.bytes / total) * 60_000, 3);
          expect(Math.min(x, y)).toBeGreaterThanOrEqual(-1e-6);
          expect(x + width).toBeLessThanOrEqual(300 + 1e-6);
          expect(y + height).toBeLessThanOrEqual(200 + 1e-6);
        }
      }),
    );
  });
});
