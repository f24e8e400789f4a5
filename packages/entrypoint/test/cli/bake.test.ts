import { copyFile, cp, readdir, readFile, symlink, truncate, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import { otherNodes, startProgram, tempTree, type TempTree } from "@slipway/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { buildProgram, type BuiltProgram } from "../bundle.ts";

let built: BuiltProgram;
beforeAll(async () => {
  built = await buildProgram();
});
afterAll(async () => built[Symbol.asyncDispose]());

async function copyOfProgram(): Promise<TempTree & { readonly file: string }> {
  const tree = await tempTree({ "entrypoint.json": '{ "tasks": [] }' });
  await cp(dirname(built.file), join(tree.path, "bundle"), { recursive: true });
  return { ...tree, file: join(tree.path, "bundle/entrypoint.cjs") };
}

async function node(
  args: readonly string[],
  cwd: string,
  file: string = process.execPath,
  env: NodeJS.ProcessEnv = {},
) {
  await using program = startProgram(file, args, { cwd, env: { ...process.env, ...env } });
  const end = await program.ended;
  return { ...end, stdout: program.stdout(), stderr: program.stderr() };
}

async function compiledForm(folder: string): Promise<string> {
  const names = await readdir(join(folder, "bundle"));
  const found = names.filter((name) => /^program-.*\.cjs\./.test(name));
  expect(found).toHaveLength(1);
  return join(folder, "bundle", found[0] ?? "");
}

/** Says at its end whether V8 took the compiled form; preloaded, so that the program is the one that is shipped. */
const WITNESS = `const vm = require("node:vm"), { Script } = vm;
vm.Script = class extends Script {
  constructor(source, options) {
    super(source, options);
    process.once("exit", () => console.log("rejected: " + this.cachedDataRejected));
  }
};`;

async function version(tree: TempTree & { readonly file: string }, file?: string) {
  await writeFile(join(tree.path, "witness.cjs"), WITNESS);
  return node(["--require", "./witness.cjs", tree.file, "--version"], tree.path, file);
}

describe("entrypoint bake", () => {
  it("leaves a compiled form that V8 takes, and says where", async () => {
    await using tree = await copyOfProgram();
    const { code, stdout, stderr } = await node([tree.file, "bake"], tree.path);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const baked = [...stdout.matchAll(/^\/.*\/bundle\/(\w+)-.*\.cjs\.\S+: \d+ kB\n/gm)];
    expect(baked.map(([line]) => line).join("")).toBe(stdout);
    expect(baked.map(([, name]) => name)).toEqual(expect.arrayContaining(["program", "run", "entrykit"]));
    expect((await version(tree)).stdout).toMatch(/\nrejected: false\n$/);
    expect(await readdir(tree.path)).toEqual(["bundle", "entrypoint.json", "witness.cjs"]);
  });

  it("says what it could not write", async () => {
    await using tree = await copyOfProgram();
    const { code, stderr } = await node([tree.file, "bake"], tree.path, process.execPath, { TMPDIR: "/no/such" });
    expect(code).toBe(1);
    expect(stderr).toContain("bake: ENOENT: no such file or directory, mkdtemp '/no/such");
    expect(stderr).toContain("[ENTRYPOINT_BAKE_FAILED]");
  });

  it("covers all that a start with a hook loads", async () => {
    await using tree = await copyOfProgram();
    await node([tree.file, "bake"], tree.path);
    await symlink("entrypoint.cjs", join(tree.path, "bundle/prehook"));
    await writeFile(join(tree.path, "witness.cjs"), WITNESS);
    const hook = ["--require", "./witness.cjs", join(tree.path, "bundle/prehook"), "true"];
    expect((await node(hook, tree.path)).stdout).toBe("rejected: false\n".repeat(2));
  });

  it("is not needed: without it nothing else is different", async () => {
    await using tree = await copyOfProgram();
    expect(await version(tree)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/\nrejected: undefined\n$/) as unknown,
    });
  });

  it.each([
    ["cut off", (file: string) => truncate(file, 1000)],
    ["empty", (file: string) => truncate(file, 0)],
    ["something else", (file: string) => writeFile(file, "not compiled".repeat(5000))],
  ])("is passed over when it is %s", async (_, spoil) => {
    await using tree = await copyOfProgram();
    await node([tree.file, "bake"], tree.path);
    await spoil(await compiledForm(tree.path));
    const run = await node([tree.file, "run", "--quiet", "--", "echo", "APP"], tree.path);
    expect(run).toMatchObject({ code: 0, stdout: "APP\n", stderr: "" });
  });

  it("is passed over when it is that of other V8 flags", async () => {
    await using tree = await copyOfProgram();
    await node(["--stack-size=900", tree.file, "bake"], tree.path);
    const run = await node([tree.file, "run", "--quiet", "--", "echo", "APP"], tree.path);
    expect(run).toMatchObject({ code: 0, stdout: "APP\n", stderr: "" });
  });

  it.skipIf(otherNodes().length === 0).each(otherNodes())(
    "of this Node is passed over by the $name",
    async ({ file }) => {
      await using tree = await copyOfProgram();
      await node([tree.file, "bake"], tree.path);
      expect((await version(tree, file)).stdout).toMatch(/\nrejected: undefined\n$/);
      // The same bytes under the name that this Node looks for: V8 itself refuses them.
      const own = await compiledForm(tree.path);
      const { stdout: v8 } = await node(["-p", "process.versions.v8"], tree.path, file);
      await copyFile(own, `${own.slice(0, own.indexOf(".cjs.") + 5)}${v8.trim()}`);
      expect((await version(tree, file)).stdout).toMatch(/\nrejected: true\n$/);
    },
  );

  it("belongs to one content of the program, by the program's name", async () => {
    const launcher = await readFile(built.file, "utf8");
    const name = (await readdir(dirname(built.file))).find((file) => /^program-.{8}\.cjs$/.test(file));
    expect(launcher).toContain(JSON.stringify(name));
  });
});
