import { chmod, mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

import { startProgram, tempTree, type TempTree } from "@slipway/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { EntrypointError } from "../../src/errors.ts";
import { findProgram } from "../../src/process/find-program.ts";
import { buildProgram, type BuiltProgram } from "../bundle.ts";

const SHELL = await readFile("/bin/sh");

/** The beginning of the shell, an ELF file, with something written over it. */
function elf(length: number, ...changes: readonly (readonly [offset: number, bytes: readonly number[]])[]): Buffer {
  const file = Buffer.from(SHELL.subarray(0, length));
  for (const [offset, bytes] of changes) file.set(bytes, offset);
  return file;
}

/** The shell with another dynamic loader, as a program of Alpine is on Debian. */
function withLoader(loader: string): Buffer {
  const file = Buffer.from(SHELL);
  const at = file.indexOf("/lib64/ld-") === -1 ? file.indexOf("/lib/ld-") : file.indexOf("/lib64/ld-");
  file.write(loader.padEnd(file.indexOf(0, at) - at, "\0"), at);
  return file;
}

const FOREIGN = elf(SHELL.length, [18, [22, 0]]);
const EXECUTABLE: Readonly<Record<string, string | Buffer>> = {
  good: "#!/bin/sh\necho good\n",
  textual: 'echo "textual $1"\n',
  empty: "",
  "no-interpreter": "#!/no/such/shell\n",
  windows: "#!/bin/sh\r\n",
  blank: "#!\n",
  endless: `#!/${"x".repeat(300)}\n`,
  foreign: FOREIGN,
  "no-loader": withLoader("/lib/ld-musl.so.9"),
  "folder-loader": withLoader("/lib"),
  headless: elf(40),
  "no-table": elf(64),
  "half-table": elf(150),
  "half-segments": elf(SHELL.length - 20_000),
  object: elf(SHELL.length, [16, [1, 0]]),
  binary: Buffer.from([...Buffer.from("\u00ca\u00fe\u00ba\u00be"), 0, 0, 0, 55, 10]),
};

let files: TempTree;
let built: BuiltProgram;
beforeAll(async () => {
  built = await buildProgram();
  files = await tempTree({
    "bin/plain": "#!/bin/sh\n",
    "later/plain": "#!/bin/sh\necho later\n",
    "entrypoint.json": '{ "tasks": [] }',
  });
  await mkdir(join(files.path, "bin/folder"));
  const bin = join(files.path, "bin");
  await files.write({
    ...Object.fromEntries(Object.entries(EXECUTABLE).map(([name, content]) => [`bin/${name}`, content])),
    "bin/itself": `#!${bin}/itself\n`,
    "bin/over-none": `#!${bin}/no-interpreter\n`,
    "bin/over-loader": `#!${bin}/no-loader\n`,
    "bin/over-text": `#!${bin}/textual\n`,
    "bin/level-1": "#!/bin/echo\n",
    ...Object.fromEntries([2, 3, 4, 5, 6].map((n) => [`bin/level-${String(n)}`, `#!${bin}/level-${String(n - 1)}\n`])),
  });
  for (const name of await readdir(bin)) if (name !== "plain") await chmod(join(bin, name), 0o755);
  await chmod(join(files.path, "later/plain"), 0o755);
});
afterAll(async () => {
  await files[Symbol.asyncDispose]();
  await built[Symbol.asyncDispose]();
});

function path(): string {
  return [join(files.path, "bin"), join(files.path, "later"), "/usr/bin", "/bin"].join(":");
}

/** What a container would end with; the same question is put to the real program. */
const REFUSED = [
  ["no-such-program", 127, "no such program in PATH"],
  ["bin/none", 127, "no such file"],
  ["bin/plain", 126, "no execute bit"],
  ["bin/folder", 126, "is a directory"],
  ["no-interpreter", 127, '"/no/such/shell" does not exist'],
  ["windows", 127, "carriage return"],
  ["blank", 126, "names no interpreter"],
  ["foreign", 126, "another processor"],
  ["endless", 126, "does not end within 256 bytes"],
  ["no-loader", 127, 'the dynamic loader "/lib/ld-musl.so.9", which does not exist'],
  ["folder-loader", 127, 'the dynamic loader "/lib"'],
  ["headless", 126, "cut off in its ELF header"],
  ["no-table", 126, "ELF program headers"],
  ["half-table", 126, "ELF program headers"],
  ["half-segments", 126, "shorter than its ELF segments"],
  ["object", 126, "not a program"],
  ["itself", 126, "more than 5 scripts"],
  ["level-6", 126, "more than 5 scripts"],
  ["over-none", 127, '"/no/such/shell" does not exist'],
  ["over-loader", 127, "the dynamic loader"],
  ["over-text", 126, "is not a program"],
  ["binary", 126, "no format Linux knows"],
  ["", 127, "no such program"],
  ["a".repeat(300), 127, 'aaaa… (45 more characters)": no such program in PATH'],
  [`./${"a".repeat(300)}`, 127, "aaaa: no such file"],
] as const;

describe.each(REFUSED)("%j", (name, exitCode, message) => {
  it(`is refused with ${String(exitCode)}`, () => {
    const file = name.startsWith("bin/") ? join(files.path, name) : name;
    const refusal = catchError(() => findProgram(file, path()));
    expect(refusal).toMatchObject({ exitCode });
    expect(refusal.message).toContain(message);
  });

  it("ends the entrypoint with that code and no native abort", async () => {
    const options = { cwd: files.path, env: { ...process.env, PATH: path() } };
    const file = name.startsWith("bin/") ? `./${name}` : name;
    await using program = startProgram(process.execPath, [built.file, "run", "--", file], options);
    expect(await program.ended).toEqual({ code: exitCode, signal: null });
    expect(program.stderr()).toContain(message);
  });
});

describe("what can be run", () => {
  it("is found in PATH, past files that may not be executed", () => {
    expect(findProgram("good", path())).toEqual({ file: join(files.path, "bin/good"), head: ["good"] });
    expect(findProgram("plain", path()).file).toBe(join(files.path, "later/plain"));
  });

  it("is run by a shell when it is text without an interpreter line", async () => {
    const options = { cwd: files.path, env: { ...process.env, PATH: path() } };
    await using program = startProgram(process.execPath, [built.file, "run", "--quiet", "--", "textual", "a"], options);
    expect(await program.ended).toEqual({ code: 0, signal: null });
    expect(program.stdout()).toBe("textual a\n");
  });

  it("may have five scripts before the program, as Linux has it", async () => {
    const options = { cwd: files.path, env: { ...process.env, PATH: path() } };
    await using program = startProgram(process.execPath, [built.file, "run", "--quiet", "--", "level-5", "a"], options);
    expect(await program.ended).toEqual({ code: 0, signal: null });
    expect(program.stdout()).toContain("level-5 a\n");
  });

  it("is not looked for in the working directory without PATH, but with an empty one", async () => {
    await using folder = await tempTree({ "entrypoint.json": '{ "tasks": [] }', only: "#!/bin/sh\necho here\n" });
    await chmod(join(folder.path, "only"), 0o755);
    const args = [built.file, "run", "--quiet", "--", "only"];
    await using without = startProgram(process.execPath, args, { cwd: folder.path, env: {} });
    expect(await without.ended).toEqual({ code: 127, signal: null });
    expect(without.stderr()).toContain("no such program in PATH (/usr/local/bin:/usr/bin:/bin)");
    await using empty = startProgram(process.execPath, args, { cwd: folder.path, env: { PATH: "" } });
    expect(await empty.ended).toEqual({ code: 0, signal: null });
    expect(empty.stdout()).toBe("here\n");
  });

  it("is looked for in the usual folders without PATH, for tasks too", async () => {
    const tasks = [{ task: "run", run: ["true"] }];
    await using folder = await tempTree({ "entrypoint.json": JSON.stringify({ tasks }) });
    const args = [built.file, "run", "--quiet", "--", "echo", "found"];
    await using program = startProgram(process.execPath, args, { cwd: folder.path, env: {} });
    expect(await program.ended).toEqual({ code: 0, signal: null });
    expect(program.stdout()).toBe("found\n");
  });

  it("may be an empty file, as for a shell", () => {
    expect(findProgram("empty", path()).head[0]).toBe("/bin/sh");
  });
});

function catchError(work: () => unknown): EntrypointError {
  try {
    work();
  } catch (error) {
    if (error instanceof EntrypointError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}
