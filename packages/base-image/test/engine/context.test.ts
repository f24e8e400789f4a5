import { chmod, mkdir, rm, symlink, utimes } from "node:fs/promises";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";

import { tempTree } from "@slipway/testkit";
import { execa } from "execa";
import { describe, expect, it } from "vitest";

import { readContext } from "../../src/engine/context.ts";
import { packContext } from "../../src/engine/pack.ts";
import { hashInputs } from "../../src/engine/plan.ts";
import { programContext } from "../../src/engine/programs.ts";
import { rejection } from "../rejection.ts";

const FILES = {
  "b/c.txt": "c",
  "a.txt": "a",
  "b/run": "#!/bin/sh\n",
  "node_modules/x/y.js": "",
  ".dockerignore": "node_modules\n",
};

describe("a context", () => {
  it("is the same bytes and the same hash whatever the times and the modes on this machine", async () => {
    await using one = await tempTree(FILES);
    await using two = await tempTree(Object.fromEntries(Object.entries(FILES).toReversed()));
    for (const tree of [one, two]) await chmod(`${tree.path}/b/run`, tree === one ? 0o755 : 0o700);
    await chmod(`${two.path}/a.txt`, 0o600);
    await utimes(`${two.path}/a.txt`, 1, 1);
    const [left, right] = [await readContext(one.path), await readContext(two.path)];
    expect(await buffer(packContext(left, "FROM x\n"))).toEqual(await buffer(packContext(right, "FROM x\n")));
    expect(hashInputs("FROM x\n", left)).toBe(hashInputs("FROM x\n", right));
  });

  it("has another hash when content, mode, a name, a link or the Dockerfile is another", async () => {
    await using tree = await tempTree({ a: "1" });
    const hash = async (dockerfile = "FROM x\n"): Promise<string> =>
      hashInputs(dockerfile, await readContext(tree.path));
    const seen = new Set([await hash(), await hash("FROM y\n")]);
    await chmod(`${tree.path}/a`, 0o755);
    seen.add(await hash());
    await tree.write({ a: "2" });
    seen.add(await hash());
    await tree.write({ b: "" });
    seen.add(await hash());
    await symlink("a", `${tree.path}/link`);
    seen.add(await hash());
    await mkdir(`${tree.path}/empty`);
    seen.add(await hash());
    expect(seen.size).toBe(7);
  });

  it("is a tar with root's files, sorted, with links and the Dockerfile", async () => {
    await using tree = await tempTree(FILES);
    await symlink("../a.txt", `${tree.path}/b/link`);
    await chmod(`${tree.path}/b/run`, 0o700);
    const input = await buffer(packContext(await readContext(tree.path), "FROM x\n"));
    const { stdout } = await execa("tar", ["--list", "--verbose", "--numeric-owner", "--full-time", "--utc"], {
      input,
    });
    const lines = stdout.split("\n").map((line) => line.replaceAll(/ +/g, " "));
    expect(lines).toContain("-rwxr-xr-x 0/0 10 1970-01-01 00:00:00 b/run");
    expect(lines).toContain("-rw-r--r-- 0/0 7 1970-01-01 00:00:00 .slipway/Dockerfile");
    expect(stdout).toContain("b/link -> ../a.txt");
    expect(stdout).not.toContain("node_modules");
  });

  it("is a tar of files as they were first seen, though they grow", async () => {
    await using tree = await tempTree({ "a.log": "one\n", "b.log": "", "c.txt": "c" });
    const context = await readContext(tree.path);
    await tree.write({ "a.log": "one\ntwo\n", "b.log": "x".repeat(2000) });
    const input = await buffer(packContext(context, "FROM x\n"));
    const { stdout } = await execa("tar", ["--extract", "--to-stdout"], { input });
    expect(stdout).toBe("one\ncFROM x");
  });

  it("is no tar of files that have gone or become shorter, and names them", async () => {
    await using tree = await tempTree({ "a.log": "one\ntwo\n" });
    const context = await readContext(tree.path);
    await tree.write({ "a.log": "one\n" });
    const shorter = await rejection(() => buffer(packContext(context, "FROM x\n")));
    expect(shorter).toMatchObject({ code: "BASE_IMAGE_CONTEXT_ENTRY", exitCode: 2 });
    expect(shorter.message).toContain(`${tree.path}/a.log changed while the build began: 4 of its 8 bytes are left`);
    await rm(`${tree.path}/a.log`);
    const gone = await rejection(() => buffer(packContext(context, "FROM x\n")));
    expect(gone).toMatchObject({ code: "BASE_IMAGE_CONTEXT_ENTRY" });
    expect(gone.message).toMatch(/a\.log changed while the build began: ENOENT/);
  });

  it("takes Dockerfile.dockerignore before .dockerignore, and brings files back", async () => {
    await using tree = await tempTree({ ...FILES, "Dockerfile.dockerignore": "*\n!b/c.txt\n" });
    const { entries } = await readContext(tree.path);
    expect(entries.map(({ path }) => path)).toEqual(["b", "b/c.txt"]);
  });

  it("refuses what a tar cannot carry", async () => {
    await using tree = await tempTree();
    await execa("mkfifo", [`${tree.path}/pipe`]);
    expect((await rejection(() => readContext(tree.path))).code).toBe("BASE_IMAGE_CONTEXT_ENTRY");
  });

  it.each([".dockerignore", "Dockerfile.dockerignore"])(
    "refuses a %s that is there and cannot be read",
    async (name) => {
      await using tree = await tempTree({ [`${name}/x`]: "" });
      const error = await rejection(() => readContext(tree.path));
      expect(error).toMatchObject({ code: "BASE_IMAGE_CONTEXT_ENTRY", exitCode: 2 });
      expect(error.message).toContain(`${tree.path}/${name} cannot be read: EISDIR`);
    },
  );

  it("does not look at what is ignored, though something below is brought back", async () => {
    await using tree = await tempTree({
      ".dockerignore": "tmp\n!tmp/.keep\n",
      "tmp/.keep": "",
      "tmp/sockets/log": "x",
    });
    await execa("mkfifo", [`${tree.path}/tmp/sockets/puma.sock`]);
    const { entries } = await readContext(tree.path);
    expect(entries.map(({ path }) => path)).toEqual([".dockerignore", "tmp", "tmp/.keep"]);
  });

  it("follows a link to the context itself", async () => {
    await using tree = await tempTree({ "app/a": "1" });
    await symlink(join(tree.path, "app"), join(tree.path, "link"));
    expect((await readContext(join(tree.path, "link"))).entries.map(({ path }) => path)).toEqual(["a"]);
  });

  it("refuses a folder that is not there", async () => {
    expect((await rejection(() => readContext("/nowhere"))).code).toBe("BASE_IMAGE_CONTEXT_MISSING");
  });
});

describe("programs", () => {
  it("come with their whole folder and a link", async () => {
    await using tree = await tempTree({
      "node_modules/@x/tool/package.json": manifest({ tool: "./dist/bundle/tool.mjs" }),
      "node_modules/@x/tool/dist/bundle/tool.mjs": "",
      "node_modules/@x/tool/dist/bundle/chunks/a.mjs": "",
    });
    const { entries } = await programContext(["@x/tool"], tree.path);
    const files = entries
      .filter(({ kind }) => kind !== "directory")
      .map(({ path, content, kind }) => (kind === "link" ? `${path} -> ${content}` : path));
    expect(files).toEqual([
      ".slipway/programs/bin/tool -> ../lib/slipway/tool/tool.mjs",
      ".slipway/programs/lib/slipway/tool/chunks/a.mjs",
      ".slipway/programs/lib/slipway/tool/tool.mjs",
    ]);
  });

  it.each([
    ["is not installed", {}],
    ["has no bin", { "node_modules/@x/tool/package.json": manifest(undefined) }],
    ["is not bundled", { "node_modules/@x/tool/package.json": manifest("./dist/bundle/tool.mjs") }],
  ])("are refused when the package %s", async (_, files) => {
    await using tree = await tempTree(files);
    const error = await rejection(() => programContext(["@x/tool"], tree.path));
    expect(error).toMatchObject({ code: "BASE_IMAGE_PROGRAM_MISSING", exitCode: 2 });
    expect(error.message).toContain("@x/tool");
  });
});

function manifest(bin: unknown): string {
  return JSON.stringify({ name: "@x/tool", bin });
}
