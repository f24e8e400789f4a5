import { chmod, readdir, readFile, readlink, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { startProgram, tempTree, type TempTree } from "@slipway/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { buildProgram, type BuiltProgram } from "../bundle.ts";

let built: BuiltProgram;
beforeAll(async () => {
  built = await buildProgram();
});
afterAll(async () => built[Symbol.asyncDispose]());

async function render(folder: TempTree, task: object, env: NodeJS.ProcessEnv = {}) {
  const definition = { tasks: [{ task: "render", template: "app.tmpl", to: "app.conf", ...task }] };
  await writeFile(join(folder.path, "entrypoint.json"), JSON.stringify(definition));
  const own = { PATH: process.env["PATH"], ...env };
  await using program = startProgram(process.execPath, [built.file, "run", "--", "true"], {
    cwd: folder.path,
    env: own,
  });
  const { code } = await program.ended;
  return { code, stdout: program.stdout(), stderr: program.stderr() };
}

async function modeOf(folder: TempTree, name: string): Promise<string> {
  return ((await stat(join(folder.path, name))).mode & 0o7777).toString(8);
}

const content = (folder: TempTree, name = "app.conf") => readFile(join(folder.path, name), "utf8");

describe("a render task", () => {
  it("writes the file with its mode, and leaves nothing beside it", async () => {
    await using folder = await tempTree({ "app.tmpl": 'host {{ var "HOST" }}\n' });
    const { code, stderr } = await render(folder, { mode: "0640" }, { HOST: "a.example" });
    expect(stderr).toContain("render: app.conf: written, 15 bytes");
    expect(code).toBe(0);
    expect(await content(folder)).toBe("host a.example\n");
    expect(await modeOf(folder, "app.conf")).toBe("640");
    expect((await readdir(folder.path)).toSorted()).toEqual(["app.conf", "app.tmpl", "entrypoint.json"]);
  });

  it("gives a file that is there its mode, whatever the old one and the umask are", async () => {
    await using folder = await tempTree({ "app.tmpl": "same", "app.conf": "same" });
    await chmod(join(folder.path, "app.conf"), 0o666);
    expect((await render(folder, { mode: "0600" })).stderr).toContain("app.conf: as it was");
    expect(await modeOf(folder, "app.conf")).toBe("600");
  });

  it("writes behind a link and leaves the link", async () => {
    await using folder = await tempTree({ "app.tmpl": "new", "real.conf": "old" });
    await symlink("real.conf", join(folder.path, "app.conf"));
    await render(folder, {});
    expect(await content(folder, "real.conf")).toBe("new");
    expect(await readlink(join(folder.path, "app.conf"))).toBe("real.conf");
  });

  it.skipIf(process.getuid?.() !== 0).each([
    ["nobody", 65_534],
    ["1234", 1234],
    ["1234:nogroup", 1234],
  ])("gives the file to %s", async (owner, uid) => {
    await using folder = await tempTree({ "app.tmpl": "x" });
    expect((await render(folder, { owner })).code).toBe(0);
    expect((await stat(join(folder.path, "app.conf"))).uid).toBe(uid);
  });

  it("refuses an owner that the system does not know", async () => {
    await using folder = await tempTree({ "app.tmpl": "x" });
    const { code, stderr } = await render(folder, { owner: "no-such-user" });
    expect(code).toBe(125);
    expect(stderr).toContain('this system knows no "no-such-user"');
    expect(await readdir(folder.path)).not.toContain("app.conf");
  });
});

describe("a variable that is not set", () => {
  it.each([
    ['{{ var "HOST" }}', "app.tmpl:1:4: the variable HOST is not set, and there is no default for it"],
    ['a\n{{ var "HOST" | upper }}', "app.tmpl:2:4: the variable HOST is not set"],
    ['{{ $x := var "HOST" }}', "the variable HOST is not set"],
    ['{{ range var "HOST" | split "," }}x{{ end }}', "the variable HOST is not set"],
    ['{{ upper (var "HOST") }}', "the variable HOST is not set"],
  ])("is an error, and the old file stays: %s", async (template, problem) => {
    await using folder = await tempTree({ "app.tmpl": template, "app.conf": "old" });
    const { code, stderr } = await render(folder, {});
    expect(code).toBe(1);
    expect(stderr).toContain(problem);
    expect(await content(folder)).toBe("old");
  });

  it.each([
    ['{{ var "HOST" | default "d" }}', "d"],
    ['{{ default "d" (var "HOST") }}', "d"],
    ['{{ if var "HOST" }}{{ var "HOST" }}{{ else }}none{{ end }}', "none"],
  ])("may have a default, or be asked for: %s", async (template, text) => {
    await using folder = await tempTree({ "app.tmpl": template });
    expect((await render(folder, {})).code).toBe(0);
    expect(await content(folder)).toBe(text);
  });

  it("is not one that is set to nothing", async () => {
    await using folder = await tempTree({ "app.tmpl": 'x{{ var "HOST" }}' });
    expect((await render(folder, {}, { HOST: "" })).code).toBe(0);
    expect(await content(folder)).toBe("x");
  });
});

describe("a check", () => {
  it("sees the new file before it takes its place", async () => {
    await using folder = await tempTree({ "app.tmpl": "new", "app.conf": "old" });
    const check = ["sh", "-c", 'cat "$1" app.conf', "sh", "{}"];
    expect(await render(folder, { check })).toMatchObject({ code: 0, stdout: "newold" });
    expect(await content(folder)).toBe("new");
  });

  it("that fails leaves the old file, and nothing beside it", async () => {
    await using folder = await tempTree({ "app.tmpl": "new", "app.conf": "old" });
    const { code, stderr } = await render(folder, { check: ["sh", "-c", "exit 3"] });
    expect(code).toBe(125);
    expect(stderr).toContain("app.conf is left as it was: sh -c exit 3 ended with 3");
    expect(await content(folder)).toBe("old");
    expect(await readdir(folder.path)).toHaveLength(3);
  });
});

it.each([
  [{ mode: "rw" }, 'tasks[0].mode: "rw", expected octal digits'],
  [{ mode: 644 }, "tasks[0].mode: 644, expected octal digits"],
  [{ temlpate: "x" }, "did you mean template"],
])("a wrong definition is refused: %j", async (task, problem) => {
  await using folder = await tempTree({ "app.tmpl": "x" });
  const { code, stderr } = await render(folder, task);
  expect(code).toBe(2);
  expect(stderr).toContain(problem);
});
