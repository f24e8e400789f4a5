import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { tempTree } from "@slipway/testkit";
import { describe, expect, it } from "vitest";

import { loadDefinition } from "../src/config/load.ts";
import { renderDockerfile } from "../src/stage/dockerfile.ts";

const INDEX = fileURLToPath(new URL("../src/index.ts", import.meta.url));

async function readme(): Promise<string> {
  return await readFile(join(import.meta.dirname, "..", "README.md"), "utf8");
}

/** The fenced block that begins with this line, without it. */
async function blockAfter(first: string): Promise<string> {
  const text = await readme();
  const start = text.indexOf(`\n${first}\n`) + first.length + 2;
  return text.slice(start, text.indexOf("```", start));
}

describe("the README", () => {
  it("shows the Dockerfile that its definition gives", async () => {
    const definition = (await blockAfter("// image.config.ts")).replace('"@slipway/base-image"', JSON.stringify(INDEX));
    await using tree = await tempTree({ "package.json": '{"type":"module"}', "image.config.ts": definition });
    const loaded = await loadDefinition(join(tree.path, "image.config.ts"));
    const shown = await blockAfter("$ base-image --config image.config.ts render");
    expect(renderDockerfile(loaded.definition).text).toBe(shown);
  });

  it("calls asset-sync with a verb", async () => {
    const calls = [...(await readme()).matchAll(/\basset-sync (\w+) .*--to/g)].map(([, verb]) => verb);
    expect(calls).toEqual(["sync", "sync"]);
  });
});
