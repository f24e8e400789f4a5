import { chmod, mkdir } from "node:fs/promises";
import { join } from "node:path";

import { startProgram, tempTree, type TempTree } from "@slipway/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { EntrypointError } from "../../src/errors.ts";
import { findProgram } from "../../src/process/find-program.ts";
import { buildProgram, type BuiltProgram } from "../bundle.ts";

/** An ELF header for the s390x machine. */
const FOREIGN = Buffer.concat([
  Buffer.from("\u007fELF", "latin1"),
  Buffer.alloc(14),
  Buffer.from([22, 0]),
  Buffer.alloc(44),
]);

let files: TempTree;
let built: BuiltProgram;
beforeAll(async () => {
  built = await buildProgram();
  files = await tempTree({
    "bin/good": "#!/bin/sh\necho good\n",
    "bin/plain": "#!/bin/sh\n",
    "bin/textual": 'echo "textual $1"\n',
    "bin/empty": "",
    "bin/no-interpreter": "#!/no/such/shell\n",
    "bin/windows": "#!/bin/sh\r\n",
    "bin/blank": "#!\n",
    "bin/foreign": FOREIGN,
    "later/plain": "#!/bin/sh\necho later\n",
    "entrypoint.json": '{ "tasks": [] }',
  });
  await mkdir(join(files.path, "bin/folder"));
  for (const name of ["good", "textual", "empty", "no-interpreter", "windows", "blank", "foreign"]) {
    await chmod(join(files.path, "bin", name), 0o755);
  }
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
  ["", 127, "no such program"],
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

  it("may be an empty file, as for a shell", () => {
    expect(findProgram("empty", path()).head[0]).toBe("/bin/sh");
  });

  it("refuses an argument longer than Linux takes instead of aborting", async () => {
    const env = { ...process.env, PATH: path(), BIG: "x".repeat(100_000) };
    const prehook = startProgram(process.execPath, [built.file, "--symlink"], { cwd: files.path, env });
    await prehook.ended;
    const link = join(built.file, "..", "prehook");
    await using program = startProgram(process.execPath, [link, "--", "good", "$BIG$BIG"], { cwd: files.path, env });
    expect(await program.ended).toMatchObject({ signal: null });
    expect(program.stderr()).toContain("longer than the 131072 bytes");
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
