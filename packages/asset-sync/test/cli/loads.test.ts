import { readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";

import { startNullS3, tempTree } from "@slipway/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { makeBundle, runProgram, type Bundle } from "./bundle.ts";

/** Texts that stand in one package alone. */
const MARKS = {
  "AWS credential chain": "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
  yaml: "YAMLParseError",
} as const;

const KEYS = { AWS_ACCESS_KEY_ID: "AKIA", AWS_SECRET_ACCESS_KEY: "secret" };

let bundle: Bundle;

beforeAll(async () => {
  bundle = await makeBundle();
});
afterAll(() => bundle[Symbol.asyncDispose]());

interface Loaded {
  /** Of {@link MARKS}. */
  readonly packages: readonly string[];
  /** Files of verbs. */
  readonly verbs: readonly string[];
  /** Node's own modules. */
  readonly own: readonly string[];
}

async function loaded(words: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Loaded> {
  await using app = await tempTree({ "public/assets/app.js": "app", "loaded.txt": "" });
  const trace = join(app.path, "loaded.txt");
  await writeFile(trace, "");
  const hook = join(import.meta.dirname, "fixtures/record-loads.mjs");
  await runProgram(bundle.program, words, {
    cwd: app.path,
    env: { ...env, NODE_OPTIONS: `--import=${hook}`, LOADED_FILES: trace },
  });
  const lines = (await readFile(trace, "utf8")).split("\n");
  const files = lines.filter((line) => line.startsWith(bundle.folder));
  const texts = await Promise.all(files.map((file) => readFile(file, "utf8")));
  return {
    packages: Object.entries(MARKS).flatMap(([name, mark]) =>
      texts.some((text) => text.includes(mark)) ? [name] : [],
    ),
    verbs: files.map((file) => basename(file).replace(/-[\w-]{8}\.mjs$/, "")).filter((name) => name.endsWith("-verb")),
    own: lines.filter((line) => line.startsWith("NativeModule ")).map((line) => line.slice("NativeModule ".length)),
  };
}

const s3 = (endpoint: string): readonly string[] => {
  const place = ["--endpoint", endpoint, "--region", "x", "--path-style"];
  return ["sync", "--to", "s3://shop-assets", "--release", "v1", ...place];
};

describe("what a run loads", () => {
  it("is no chain of credentials where a key pair is written down, and one where none is", async () => {
    await using server = await startNullS3();
    expect((await loaded(s3(server.endpoint), KEYS)).packages).toEqual([]);
    expect((await loaded(s3(server.endpoint))).packages).toEqual(["AWS credential chain"]);
  });

  it("is nothing of other verbs or of the gem's configuration, and of Node's own no second client", async () => {
    await using server = await startNullS3();
    const { packages, verbs, own } = await loaded(s3(server.endpoint), KEYS);
    expect({ packages, verbs }).toEqual({ packages: [], verbs: [] });
    expect(own).toContain("_http_client");
    expect(own).not.toContain("internal/deps/undici/undici");
    expect(await loaded(["releases", "--to", "file://store"])).toMatchObject({
      packages: [],
      verbs: ["releases-verb"],
    });
  });

  it("is no client at all for a folder, and no verb for the version", async () => {
    const { own, packages } = await loaded(["sync", "--to", "file://store", "--release", "v1"]);
    expect(packages).toEqual([]);
    expect(own).not.toContain("_http_client");
    expect((await loaded(["--version"])).verbs).toEqual([]);
    expect((await loaded(["--help"])).verbs).toContain("collect-verb");
  });
});
