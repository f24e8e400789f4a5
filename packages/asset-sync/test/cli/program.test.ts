import { readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { startS3Double, tempTree } from "@slipway/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { BUCKET, BUILD } from "../sync/fixture.ts";
import { makeBundle, runProgram, type Bundle, type Ended } from "./bundle.ts";

const N = Object.keys(BUILD).length;

let bundle: Bundle;

beforeAll(async () => {
  bundle = await makeBundle();
});
afterAll(() => bundle[Symbol.asyncDispose]());

const run = (words: readonly string[], cwd: string, env: Readonly<Record<string, string>> = {}): Promise<Ended> =>
  runProgram(bundle.program, words, { cwd, env });

function publicTree(): Promise<Awaited<ReturnType<typeof tempTree>>> {
  return tempTree(Object.fromEntries(Object.entries(BUILD).map(([key, body]) => [`public/${key}`, body])));
}

describe("the program", () => {
  it("is executable, works through a link, and syncs and verifies against a folder", async () => {
    await using app = await publicTree();
    expect((await stat(bundle.program)).mode & 0o111).toBe(0o111);
    const link = join(app.path, "asset-sync");
    await symlink(bundle.program, link);
    const to = `file://${join(app.path, "store")}`;
    const synced = await runProgram(link, ["sync", "--to", to, "--release", "v1"], { cwd: app.path });
    expect(synced).toMatchObject({ code: 0, stderr: "" });
    expect(synced.stdout).toMatch(
      new RegExp(`v1 at ${to}: sent ${N} files .* ${N + 2} requests \\(1 GET, ${N + 1} PUT\\)`),
    );
    const receipt = JSON.parse(await readFile(join(app.path, "public/.asset-receipt.json"), "utf8"));
    expect(Object.keys(receipt.files)).toEqual(Object.keys(BUILD).toSorted());
    expect(await run(["verify"], app.path)).toMatchObject({ code: 0, stdout: `${to} holds all ${N} files of v1\n` });
    expect((await run(["releases", "--to", to], app.path)).stdout).toMatch(/^\d{4}-\S+Z {2}v1 {2}5 files\n$/);
  });

  it("says its version", async () => {
    const manifest = JSON.parse(await readFile(new URL("../../package.json", import.meta.url), "utf8"));
    expect(await run(["--version"], tmpdir())).toMatchObject({ code: 0, stdout: `${manifest.version}\n` });
  });

  it("answers verify with exit code 1 and the missing keys, in text and as JSON", async () => {
    await using app = await publicTree();
    await run(["sync", "--to", `file://${join(app.path, "store")}`, "--release", "v1"], app.path);
    const other = `file://${join(app.path, "other")}`;
    const text = await run(["verify", "--to", other], app.path);
    expect(text.code).toBe(1);
    for (const key of Object.keys(BUILD)) expect(text.stdout).toContain(`missing    ${key}`);
    const json = await run(["verify", "--to", other, "--json"], app.path);
    expect(json.code).toBe(1);
    expect(JSON.parse(json.stdout)).toMatchObject({
      type: "summary",
      holds: false,
      missing: Object.keys(BUILD).toSorted(),
    });
  });

  it("writes one JSON object per line on stdout with --json, the summary last, text for people on stderr", async () => {
    await using app = await publicTree();
    const words = ["sync", "--to", `file://${join(app.path, "store")}`, "--release", "v1", "--json"];
    const { stdout, stderr } = await run(words, app.path);
    const events = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(events.at(-1)).toMatchObject({
      type: "summary",
      release: "v1",
      uploaded: N,
      copied: 0,
      unchanged: 0,
      requests: { total: N + 2, get: 1, put: N + 1, head: 0, list: 0, copy: 0, delete: 0, invalidate: 0 },
    });
    expect(events.filter((event) => event.type === "uploaded").length).toBe(N);
    expect(stderr).toContain(`sent ${N} files`);
    const quiet = await run([...words, "--quiet"], app.path);
    expect(quiet.stderr).toBe("");
  });

  it("keeps a file name with a line break to one line", async () => {
    await using app = await publicTree();
    await app.write({ "public/assets/a\nput  forged.js": "x" });
    const { stdout } = await run(["plan", "--to", `file://${app.path}/store`, "--release", "v1"], app.path);
    expect(stdout).toContain(String.raw`put  assets/a\nput  forged.js`);
    expect(stdout).not.toMatch(/^put {2}forged/m);
  });

  it("says what plan would do, with reasons", async () => {
    await using app = await publicTree();
    const to = `file://${join(app.path, "store")}`;
    const { stdout } = await run(["plan", "--to", to, "--release", "v1"], app.path);
    expect(stdout).toContain("put  assets/robots.txt  (new, plain)");
    expect(stdout).toContain("5 files to send, 0 there already; the ledger would be written");
    await expect(stat(join(app.path, "store"))).rejects.toThrow(/ENOENT/);
  });

  it("takes what it is not told from asset-sync.config.ts", async () => {
    await using app = await publicTree();
    await app.write({
      "asset-sync.config.ts":
        'const release: string = "from-file"; export default { to: "file://store", release, compress: ["br"] };',
    });
    const { code, stdout } = await run(["sync", "--release", "from-flag", "--json"], app.path);
    expect(code).toBe(0);
    expect(JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "")).toMatchObject({ release: "from-flag", uploaded: N });
    await app.write({ "asset-sync.config.ts": "export default { tu: 'file://store' };" });
    const refused = await run(["sync", "--release", "v2"], app.path);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('"tu" is not known; did you mean to?');
  });

  it.each([
    ["waits for what never comes", "await new Promise(() => undefined); export default {};", /never ends/],
    ["ends the process", "process.exit(0);", /ended before its work was done/],
  ])("fails when the configuration %s", async (_, config, message) => {
    await using app = await tempTree({ "asset-sync.config.mjs": config });
    const { code, stdout } = await run(["sync", "--release", "v1", "--to", "file://store", "--json"], app.path);
    const [error, summary] = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(code).toBe(2);
    expect(error).toMatchObject({ code: "ASSET_SYNC_CONFIG_INVALID", message: expect.stringMatching(message) });
    expect(summary).toEqual({ type: "summary", exitCode: 2 });
  });

  it("keeps stdout for the answer when the configuration prints", async () => {
    const config = 'console.log("hello"); console.info("there"); export default { to: "file://store" };';
    await using app = await tempTree({ "asset-sync.config.mjs": config });
    const { stdout, stderr } = await run(["releases", "--json"], app.path);
    expect([stdout, stderr]).toEqual(['{"type":"summary","releases":0}\n', expect.stringMatching(/^hello\nthere\n/)]);
  });

  it("keeps a plan and applies it once", async () => {
    await using app = await publicTree();
    const planned = await run(["plan", "--to", "file://store", "--release", "v1", "--out", "plan.json"], app.path);
    expect(planned.code).toBe(0);
    const applied = await run(["apply", "plan.json"], app.path);
    expect(applied.stdout).toContain(`sent ${N} files`);
    expect((await run(["apply", "plan.json"], app.path)).code).toBe(3);
  });

  it("makes siblings in threads of the program as it is shipped", async () => {
    await using app = await publicTree();
    await app.write({ "public/assets/long-0f0f1f2f.css": "a { b: c }\n".repeat(500) });
    const words = ["sync", "--to", "file://store", "--release", "v1", "--compress", "br,gzip"];
    const { code, stdout } = await run(words, app.path);
    expect(code).toBe(0);
    expect(stdout).toContain("packed    2 siblings that are smaller");
    await stat(join(app.path, "store/assets/long-0f0f1f2f.css.br"));
  });
});

describe("credentials", () => {
  it("come from a shared credentials file, and are nowhere in output or receipt, which knows where the assets are", async () => {
    await using double = await startS3Double({ buckets: [BUCKET] });
    await using app = await publicTree();
    const { accessKeyId, secretAccessKey } = double.credentials;
    const file = join(app.path, "aws");
    await writeFile(
      file,
      `[default]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`,
    );
    const env = { AWS_SHARED_CREDENTIALS_FILE: file, AWS_REGION: "us-east-1", AWS_ENDPOINT_URL_S3: double.endpoint };
    const words = ["sync", "--to", `s3://${BUCKET}`, "--release", "v1", "--path-style", "--json"];
    const { code, stdout, stderr } = await run(words, app.path, env);
    expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining("sent 5 files") });
    const receipt = await readFile(join(app.path, "public/.asset-receipt.json"), "utf8");
    for (const text of [stdout, stderr, receipt]) {
      expect(text).not.toContain(accessKeyId);
      expect(text).not.toContain(secretAccessKey);
    }
    const elsewhere = { ...env, AWS_REGION: "eu-central-1", AWS_ENDPOINT_URL_S3: "http://127.0.0.1:1" };
    expect((await run(["verify"], app.path, elsewhere)).code).toBe(0);
    expect(double.log.at(-1)?.headers["authorization"]).toContain("/us-east-1/s3/");
  });

  it("never reach the output, whatever else is wrong", async () => {
    await using double = await startS3Double({ buckets: [BUCKET] });
    await using app = await publicTree();
    const env = {
      AWS_ACCESS_KEY_ID: "AKIADOUBLE",
      AWS_SECRET_ACCESS_KEY: "sup3r-secret",
      AWS_SESSION_TOKEN: "tok3n-value",
    };
    const words = [
      "sync",
      "--to",
      `s3://${BUCKET}`,
      "--endpoint",
      double.endpoint,
      "--path-style",
      "--json",
      "--release",
    ];
    const wrong = await run([...words, "v1"], app.path, env);
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain("ASSET_SYNC_CREDENTIALS_REFUSED");
    const echoed = await run([...words, "sup3r-secret and more"], app.path, env);
    for (const text of [wrong.stdout, wrong.stderr, echoed.stdout, echoed.stderr]) {
      expect(text).not.toMatch(/sup3r-secret|tok3n-value/);
    }
    expect(echoed.stderr).toContain("[secret] and more");
  });

  it("given by half are refused before anything is asked", async () => {
    await using double = await startS3Double({ buckets: [BUCKET] });
    await using app = await publicTree();
    const env = { AWS_ACCESS_KEY_ID: "AKIADOUBLE", AWS_ENDPOINT_URL: double.endpoint };
    for (const verb of ["sync", "plan", "releases"]) {
      const { code, stderr } = await run([verb, "--to", `s3://${BUCKET}`], app.path, {
        ...env,
        ASSET_SYNC_RELEASE: "v1",
      });
      expect({ code, stderr }).toMatchObject({
        code: 2,
        stderr: expect.stringContaining("AWS_SECRET_ACCESS_KEY is not"),
      });
    }
    expect(double.log).toEqual([]);
  });
});

describe("wrong use", () => {
  it.each([
    [["sync", "--dry-rum"], /unknown option '--dry-rum'[^]*--dry-run/],
    [["snyc"], /unknown command 'snyc'[^]*sync/],
    [["sync", "public", "more"], /too many arguments/],
    [["sync", "--to"], /argument missing/],
    [["sync", "--release", "v1"], /neither --to nor ASSET_SYNC_TO/],
    [["sync", "--release", "v1", "--to", "s3://Shop"], /Bucket name "Shop"/],
    [["sync", "nowhere", "--release", "v1", "--to", "file://store"], /Public folder .*nowhere does not exist/],
    [["sync", "--release", "v1", "--to", "s3://shop", "--cloudfront", "e2"], /expected the id of a distribution/],
    [["sync", "--release", "v1", "--to", "file://store", "--cloudfront", "E2EXAMPLE"], /the target is a folder/],
    [["sync", "--release", "v1", "--to", "file://store", "--region", "eu-west-1"], /the target is a folder/],
    [["verify", "--time-limit", "5m"], /--time-limit is given without --via/],
    [["verify", "--via", "https://cdn.example", "--time-limit", "5"], /expected a number with its unit/],
    [["verify", "--receipt", "nowhere.json"], /Receipt .*nowhere\.json cannot be read/],
  ])("%j ends with exit code 2", async (words, expected) => {
    await using app = await publicTree();
    const { code, stdout, stderr } = await run(words, app.path);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(expected);
    expect((await readdir(app.path)).toSorted()).toEqual(["public"]);
  });

  it("says which bucket does not exist, and where", async () => {
    await using double = await startS3Double();
    await using app = await publicTree();
    const env = { AWS_ACCESS_KEY_ID: "AKIADOUBLE", AWS_SECRET_ACCESS_KEY: "double-secret" };
    const words = [
      "sync",
      "--to",
      "s3://nobody-has-it",
      "--release",
      "v1",
      "--endpoint",
      double.endpoint,
      "--path-style",
    ];
    const { code, stderr } = await run(words, app.path, env);
    expect(code).toBe(2);
    expect(stderr).toContain("Bucket nobody-has-it does not exist");
    expect(stderr).toContain(double.endpoint);
    expect(double.log.map(({ method }) => method)).toEqual(["GET"]);
  });
});

describe("a reader that leaves", () => {
  it.each([
    [["--help"], 0],
    [["--version"], 0],
    [["sync", "--wrong", "--json"], 2],
    [[], 2],
  ])("ends %j without a word", async (words, code) => {
    await using app = await tempTree();
    const unread = code === 0 ? (["stdout"] as const) : (["stdout", "stderr"] as const);
    expect(await runProgram(bundle.program, words, { cwd: app.path, unread })).toEqual({
      code,
      stdout: "",
      stderr: "",
    });
  });

  it.each([[["--json"]], [[]]])("does not keep a sync %j from its end", async (more) => {
    await using app = await publicTree();
    const words = ["sync", "--to", `file://${join(app.path, "store")}`, "--release", "v1", ...more];
    const { code, stderr } = await runProgram(bundle.program, words, { cwd: app.path, unread: ["stdout"] });
    expect(code).toBe(0);
    expect(stderr).not.toContain("EPIPE");
    expect(await run(["verify"], app.path)).toMatchObject({ code: 0 });
  });
});

describe("under an old Node", () => {
  it("says in one line which version is needed, and loads nothing that is to be parsed before", async () => {
    await using app = await tempTree({ "loaded.txt": "" });
    const hooks = ["old-node.mjs", "record-loads.mjs"].map(
      (name) => `--import=${join(import.meta.dirname, "fixtures", name)}`,
    );
    const trace = join(app.path, "loaded.txt");
    const env = { NODE_OPTIONS: hooks.join(" "), LOADED_FILES: trace };
    const ended = await run(["--version"], app.path, env);
    expect(ended).toMatchObject({ code: 2, stdout: "" });
    expect(ended.stderr).toMatch(/^asset-sync needs Node 22\.18 or later .* this is Node 20\.19\.5\.\n$/);
    const loaded = (await readFile(trace, "utf8")).split("\n").filter((file) => file.startsWith(bundle.folder));
    expect(loaded).toEqual([bundle.program]);
    expect((await stat(bundle.program)).size).toBeLessThan(2000);
    const json = (await run(["sync", "--json"], app.path, env)).stdout.trimEnd().split("\n");
    expect(json.map((line) => JSON.parse(line))).toMatchObject([
      { type: "error", code: "ASSET_SYNC_NODE_UNSUPPORTED", exitCode: 2 },
      { type: "summary", exitCode: 2 },
    ]);
  });
});

describe("help", () => {
  it.each([[[]], [["sync"]], [["plan"]], [["verify"]], [["releases"]]])("of %j has an example", async (verb) => {
    await using app = await tempTree();
    const { code, stdout } = await run([...verb, "--help"], app.path);
    expect(code).toBe(0);
    expect(stdout).toMatch(/Example:\n {2}\$ asset-sync /);
  });

  it("is what no words at all give, which is wrong use all the same", async () => {
    await using app = await tempTree();
    const help = expect.stringMatching(/^Usage: asset-sync [^]*Example:/);
    expect(await run([], app.path)).toEqual({ code: 2, stdout: "", stderr: help });
  });
});

describe("an interrupt", () => {
  it("ends the program with the signal's exit code and no receipt", async () => {
    await using double = await startS3Double({ buckets: [BUCKET] });
    await using app = await publicTree();
    double.fail({ fault: { kind: "delay", milliseconds: 60_000 }, matches: ({ method }) => method === "PUT" });
    const env = { AWS_ACCESS_KEY_ID: "AKIADOUBLE", AWS_SECRET_ACCESS_KEY: "double-secret", LOADED_FILES: "" };
    const words = ["sync", "--to", `s3://${BUCKET}`, "--endpoint", double.endpoint, "--path-style", "--release", "v1"];
    const hook = join(import.meta.dirname, "fixtures/term-on-sending.mjs");
    const ended = await run(words, app.path, { ...env, NODE_OPTIONS: `--import=${hook}` });
    expect(ended.code).toBe(143);
    expect(ended.stderr).toContain("ASSET_SYNC_INTERRUPTED");
    await expect(stat(join(app.path, "public/.asset-receipt.json"))).rejects.toThrow(/ENOENT/);
  });
});
