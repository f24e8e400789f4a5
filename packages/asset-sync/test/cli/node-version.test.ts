import { readFile } from "node:fs/promises";

import { describe, expect, it } from "vitest";

import { refuseNode } from "../../src/cli/node-version.ts";
import { ERRORS } from "../../src/errors.ts";

describe("a version of Node", () => {
  it.each([
    ["0.10.48", false],
    ["18.20.8", false],
    ["20.19.5", false],
    ["22.17.1", false],
    ["22.18.0", true],
    ["22.22.0", true],
    ["23.11.1", false],
    ["24.10.0", false],
    ["24.11.0", true],
    ["25.2.1", false],
    ["26.0.0", true],
    ["26.0.0-nightly2026010112345678", true],
    ["31.4.1", true],
  ])("%s is supported: %s", (version, supported) => {
    const refusal = expect.stringMatching(new RegExp(`^asset-sync needs Node 22\\.18 or later.*Node ${version}\\.$`));
    expect(refuseNode(version)?.message).toEqual(supported ? undefined : refusal);
  });

  it("is refused with the exit code and the remedy of its error code", () => {
    const { exitCode, remedy } = ERRORS.ASSET_SYNC_NODE_UNSUPPORTED;
    expect(refuseNode("20.19.5")).toMatchObject({ code: "ASSET_SYNC_NODE_UNSUPPORTED", exitCode, hint: remedy });
  });

  it("is judged as the package's engines say", async () => {
    const manifest = JSON.parse(await readFile(new URL("../../package.json", import.meta.url), "utf8"));
    expect(manifest.engines).toEqual({ node: "^22.18 || ^24.11 || >=26" });
  });
});
