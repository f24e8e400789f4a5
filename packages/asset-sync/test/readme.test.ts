import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { runInNewContext } from "node:vm";

import { runSync, tempTree } from "@slipway/testkit";
import { describe, expect, it } from "vitest";

import { loadConfig } from "../src/config/config-file.ts";
import { resolveOptions } from "../src/config/options.ts";
import { decodeLedger } from "../src/ledger/format.ts";
import { readReceipt } from "../src/sync/receipt.ts";
import { zstdCompressSync } from "node:zlib";
import { BUILD } from "./sync/fixture.ts";

const PACKAGE = join(import.meta.dirname, "..");

/** The fenced blocks of one language, in order. */
async function blocks(language: string): Promise<readonly string[]> {
  const text = await readFile(join(PACKAGE, "README.md"), "utf8");
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, "gms"))].map(([, block = ""]) => block);
}

describe("the README", () => {
  it.each([
    ["/assets/application-1f3c9a2b.js", "gzip, deflate, br", ".br"],
    ["/assets/application-1f3c9a2b.js", "gzip;q=0.5", ".gz"],
    ["/assets/application-1f3c9a2b.js", "br;q=0, gzip;q=0.0", ""],
    ["/assets/application-1f3c9a2b.js", undefined, ""],
    ["/assets/other-1f3c9a2b.js", "br", ""],
  ])("has a CloudFront function that serves %s to %s as sibling %s", async (uri, encodings, ending) => {
    const [code = ""] = await blocks("javascript");
    const headers = encodings === undefined ? {} : { "accept-encoding": { value: encodings } };
    const event = { request: { uri, headers } };
    const request: unknown = runInNewContext(`${code}; handler(event)`, { event });
    expect(request).toMatchObject({ uri: uri + ending });
  });

  it("has a configuration that is accepted", async () => {
    const [example = ""] = await blocks("typescript");
    await using tree = await tempTree({
      "asset-sync.config.mts": example.replace(/^import .*$/m, "const defineConfig = <T,>(config: T): T => config;"),
    });
    const file = await loadConfig(undefined, {}, tree.path);
    expect(resolveOptions("public", { file, release: "v1" }, {}, tree.path)).toMatchObject({
      target: { url: "s3://shop-assets/production" },
      sourceMaps: { kind: "private", prefix: "maps/" },
    });
  });

  it("has a library example that runs", async () => {
    await using app = await tempTree(
      Object.fromEntries(Object.entries(BUILD).map(([key, body]) => [`public/${key}`, body])),
    );
    const [example = ""] = await blocks("ts");
    const code = `process.chdir(${JSON.stringify(app.path)});\n${example.replace(/^import .*$/m, "")}`;
    const whole = `${/^import .*$/m.exec(example)?.[0] ?? ""}\n${code}`;
    const words = ["--conditions=source", "--input-type=module-typescript", "--eval", whole];
    const { stdout, stderr } = runSync(process.execPath, words, { cwd: PACKAGE });
    expect(stderr).toBe("");
    expect(stdout.trimEnd().split("\n").slice(-2)).toEqual(["5 7", "true 0"]);
  });

  it("shows a ledger and a receipt that are ones", async () => {
    const [ledger = "", receipt = ""] = await blocks("json");
    const { files, releases } = decodeLedger(zstdCompressSync(ledger), "README");
    expect(releases.get("v1")?.keys).toEqual([...files.keys()]);
    await using tree = await tempTree({ "receipt.json": receipt });
    expect((await readReceipt(join(tree.path, "receipt.json"))).release).toBe("v1");
  });
});
