import { join } from "node:path";

import { runSync, startProgram, tempTree } from "@slipway/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { buildProgram, type BuiltProgram } from "../bundle.ts";

let built: BuiltProgram;
beforeAll(async () => {
  built = await buildProgram();
});
afterAll(async () => built[Symbol.asyncDispose]());

/** What a start says in a folder with these files and a pipe that nobody writes to. */
async function start(definition: object, ...args: readonly string[]) {
  return call(definition, ["run", ...args]);
}

async function call(definition: object, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  await using folder = await tempTree({ "entrypoint.json": JSON.stringify({ tasks: [], ...definition }) });
  runSync("mkfifo", [join(folder.path, "pipe")]);
  await using program = startProgram(process.execPath, [built.file, ...args], {
    cwd: folder.path,
    env: { ...process.env, ...env },
  });
  const { code } = await program.ended;
  return { code, said: program.stderr() };
}

describe("a file that has no end", () => {
  it.each(["pipe", "/dev/zero"])("is refused as a definition: %s", async (file) => {
    const { code, said } = await start({}, "--config", file, "--", "true");
    expect(said).toContain(`entrypoint: ${file}: not a regular file\n`);
    expect(code).toBe(2);
  });

  it.each(["pipe", "/dev/zero"])("is refused as a Procfile: %s", async (procfile) => {
    const { code, said } = await start({ procfile });
    expect(said).toContain(`procfile: ${procfile}: not a regular file\n`);
    expect(code).toBe(2);
  });

  it("is refused as a receipt", async () => {
    const { code, said } = await start({ receipt: "pipe" }, "--", "true");
    expect(said).toContain("entrypoint: pipe: not a regular file\n");
    expect(code).toBe(2);
  });

  it.each(["pipe", "/dev/zero"])("is refused as a secret: %s", async (file) => {
    const args = ["run", "--", "true"];
    const named = await call({}, args, { SECRET: `secret-file:${file}` });
    const listed = await call({ secretFiles: ["SECRET"] }, args, { SECRET_FILE: file });
    for (const { code, said } of [named, listed]) {
      expect(said).toContain(`secrets: SECRET (secret-file:${file}): not a regular file\n`);
      expect(code).toBe(125);
    }
  });

  it.each(["pipe", "/dev/zero"])("is refused as a template: %s", async (template) => {
    const { code, said } = await start({ tasks: [{ task: "render", template, to: "out" }] }, "--", "true");
    expect(said).toContain(`template: ${template}: not a regular file\n`);
    expect(said).toContain("[ENTRYPOINT_TEMPLATE_INVALID]");
    expect(code).toBe(1);
  });

  it("is refused as what a template is rendered to", async () => {
    const task = { task: "render", template: "entrypoint.json", to: "pipe" };
    const { code, said } = await start({ tasks: [task] }, "--", "true");
    expect(said).toContain("pipe: not a regular file\n");
    expect(code).toBe(125);
  });

  it.each(["postgres://app@127.0.0.1:1/shop?sslrootcert=", "mysql://app@127.0.0.1:1/shop?sslca="])(
    "is refused as a certificate: %s",
    async (address) => {
      const { code, said } = await start({ tasks: [{ task: "wait-for", url: `${address}pipe` }] }, "--", "true");
      expect(said).toMatch(/ssl(rootcert|ca) pipe: not a regular file\n/);
      expect(code).toBe(125);
    },
  );

  it("is no place for the timeline", async () => {
    const { code, said } = await start({}, "--timeline", "pipe", "--", "true");
    expect(said).toContain("the timeline is not kept: pipe: not a regular file");
    expect(code).toBe(0);
  });

  it("is refused as a Dockerfile by lint", async () => {
    const { code, said } = await call({}, ["lint", "--dockerfile", "pipe"]);
    expect(said).toContain("lint: pipe: not a regular file\n");
    expect(code).toBe(2);
  });
});

it("a definition may begin with a byte order mark", async () => {
  await using folder = await tempTree({ "entrypoint.json": '\uFEFF{ "tasks": [] }' });
  const said = async (...args: readonly string[]): Promise<string> => {
    await using program = startProgram(process.execPath, [built.file, ...args], { cwd: folder.path });
    await program.ended;
    return program.stdout() + program.stderr();
  };
  expect(await said("run", "--quiet", "--", "echo", "app")).toBe("app\n");
  expect(await said("lint")).toBe("entrypoint.json: no traps\n");
});
