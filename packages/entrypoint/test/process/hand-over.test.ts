import { chmod, copyFile, open } from "node:fs/promises";
import { join } from "node:path";

import { fixturePrograms, startProgram, tempTree } from "@slipway/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { buildProgram, type BuiltProgram } from "../bundle.ts";
import { planHandOver as plan, type HandOverFacts } from "../../src/process/plan-hand-over.ts";

const NO_TASKS = JSON.stringify({ tasks: [] });

let built: BuiltProgram;
beforeAll(async () => {
  built = await buildProgram();
});
afterAll(async () => built[Symbol.asyncDispose]());

async function become(command: readonly string[], env: NodeJS.ProcessEnv = {}) {
  await using programs = await fixturePrograms();
  await using app = await tempTree({ "entrypoint.json": NO_TASKS });
  const options = { cwd: app.path, env: { ...process.env, PATH: programs.searchPath, ...env } };
  await using program = startProgram(built.file, ["run", "--", ...command], options);
  const end = await program.ended;
  const said = { stdout: program.stdout(), stderr: program.stderr() };
  return { ...end, ...said, pid: program.pid, cwd: app.path, searchPath: programs.searchPath };
}

/** Starts the entrypoint from a shell that prepares the process first, e.g. its limits. */
async function becomeFromShell(preparation: string, command: readonly string[], path?: string) {
  await using programs = await fixturePrograms();
  await using app = await tempTree({ "entrypoint.json": NO_TASKS });
  const script = `${preparation}; "$0" "$@"; exit $?`;
  const searchPath = `${programs.path}:${path ?? process.env["PATH"] ?? ""}`;
  const options = { cwd: app.path, env: { ...process.env, PATH: searchPath } };
  const args = ["-c", script, process.execPath, built.file, "run", "--quiet", "--", ...command];
  await using program = startProgram("sh", args, options);
  await program.ended;
  return program.stdout() + program.stderr();
}

describe("what the app inherits", () => {
  it("has the PID the entrypoint had, and no other process stays", async () => {
    const { stdout, pid, code } = await become(["shows-itself"]);
    expect(stdout).toContain(`pid ${String(pid)}\n`);
    expect(code).toBe(0);
  });

  it("ignores and blocks no signal", async () => {
    const { stdout } = await become(["shows-itself"]);
    expect(stdout).toMatch(/SigIgn:\s+0000000000000000\n/);
    expect(stdout).toMatch(/SigBlk:\s+0000000000000000\n/);
  });

  it("keeps the working directory", async () => {
    const { stdout, cwd } = await become(["pwd"]);
    expect(stdout).toBe(`${cwd}\n`);
  });

  it.each([
    {},
    { LC_ALL: "C.UTF-8", LD_PRELOAD: "libm.so.6" },
    { LC_ALL: "", LANG: "C.UTF-8" },
    { "a name": "a=b\nc", LD_PRELOAD: "" },
  ])("keeps the environment: %j", async (own) => {
    const env = { LC_ALL: undefined, LD_PRELOAD: undefined, ...own };
    const { stdout, searchPath } = await become(["cat", "/proc/self/environ"], env);
    const given = Object.entries({ ...process.env, PATH: searchPath, ...env }).filter(
      ([, value]) => value !== undefined,
    );
    const expected = given.map(([key, value]) => `${key}=${String(value)}`);
    expect(stdout.split("\0").slice(0, -1).toSorted()).toEqual(expected.toSorted());
  });

  it("gets the name as typed as argv[0] and its arguments untouched", async () => {
    const script = "process.stdout.write(JSON.stringify([process.argv0, ...process.argv.slice(2)]))";
    await using app = await tempTree({ "show.cjs": script });
    const words = ["node", join(app.path, "show.cjs"), "a b", "", "$HOME", "--", "--json", "*"];
    const { stdout } = await become(words);
    expect(JSON.parse(stdout)).toEqual(["node", "a b", "", "$HOME", "--", "--json", "*"]);
  });

  it("has blocking standard streams", async () => {
    const { stdout } = await become(["sh", "-c", "grep flags /proc/self/fdinfo/1 /proc/self/fdinfo/2"]);
    const flags = [...stdout.matchAll(/flags:\s+(\d+)/g)].map((match) => Number.parseInt(match[1] ?? "", 8));
    expect(flags).toHaveLength(2);
    expect(flags.map((flag) => flag & 0o4000)).toEqual([0, 0]);
  });

  it("has blocking standard streams where the entrypoint's were not", async () => {
    const nonBlocking = "fcntl($_, F_SETFL, fcntl($_, F_GETFL, 0) | O_NONBLOCK) for STDIN, STDOUT, STDERR";
    const preparation = `mkfifo pipe; perl -MFcntl -e '${nonBlocking}; exec @ARGV' "$0" "$@" 0<>pipe 2>&1 | cat; exit`;
    const descriptors = [0, 1, 2].map((fd) => `/proc/self/fdinfo/${String(fd)}`);
    const said = await becomeFromShell(preparation, ["grep", "flags", ...descriptors]);
    const flags = [...said.matchAll(/flags:\s+(\d+)/g)].map((match) => Number.parseInt(match[1] ?? "", 8) & 0o4000);
    expect(flags).toEqual([0, 0, 0]);
  });

  it("keeps the umask", async () => {
    expect(await becomeFromShell("umask 027", ["shows-itself"])).toContain("umask 0027\n");
  });

  it("has the soft limit of open files the entrypoint was started with, not the one Node raised", async () => {
    expect(await becomeFromShell("ulimit -Sn 777", ["shows-itself"])).toContain("nofile 777\n");
  });

  it("has that limit where the image has no prlimit, with the environment unchanged", async () => {
    await using bin = await tempTree();
    for (const name of ["sh", "env", "grep", "cat"]) {
      await bin.write({ [name]: `#!/bin/sh\nPATH=/usr/bin:/bin exec ${name} "$@"\n` });
      await chmod(join(bin.path, name), 0o755);
    }
    const said = await becomeFromShell(
      "unset PWD; ulimit -Sn 776",
      ["sh", "-c", "ulimit -Sn; cat /proc/$$/environ"],
      bin.path,
    );
    expect(said).toMatch(/^776\n/);
    expect(said).not.toMatch(/(\0|^)PWD=/);
  });

  it("keeps what it writes when the reader is slow, because nothing made its output non-blocking", async () => {
    const { stdout } = await become(["sh", "-c", "head -c 3000000 /dev/zero | tr '\\0' x"]);
    expect(stdout.length).toBe(3_000_000);
  });
});

describe("exit codes", () => {
  it.each([0, 1, 2, 7, 42, 125, 255])("passes %i through", async (code) => {
    expect((await become(["exits", String(code)])).code).toBe(code);
  });

  it("lets TERM end the app as it would without the entrypoint", async () => {
    const end = await become(["sh", "-c", "kill -TERM $$"]);
    expect(end.signal).toBe("SIGTERM");
  });

  it("passes 143 of an app that handles TERM", async () => {
    await using programs = await fixturePrograms();
    await using app = await tempTree({ "entrypoint.json": NO_TASKS });
    const options = { cwd: app.path, env: { ...process.env, PATH: programs.searchPath } };
    await using program = startProgram(built.file, ["run", "--", "prints-signals"], options);
    await program.says(`ready ${String(program.pid)}`);
    for (const name of ["SIGHUP", "SIGUSR1", "SIGUSR2", "SIGWINCH"] as const) {
      program.kill(name);
      await program.says(`got ${name.slice(3)}`);
    }
    program.kill("SIGTERM");
    expect(await program.ended).toEqual({ code: 143, signal: null });
  });

  it("says 127 for a program that is not there", async () => {
    const { code, stderr } = await become(["no-such-program"]);
    expect(code).toBe(127);
    expect(stderr).toContain('"no-such-program": no such program in PATH');
  });
});

describe("where Node has no execve", () => {
  it.each([
    ["exit 7", 7],
    ["kill -9 $$", 137],
  ])("stays as the parent and ends as the app does: %s", async (script, expected) => {
    await using app = await tempTree({ "entrypoint.json": NO_TASKS, "old.cjs": "delete process.execve;" });
    const words = ["--require", join(app.path, "old.cjs"), built.file, "run", "--", "sh", "-c", script];
    await using program = startProgram(process.execPath, words, { cwd: app.path });
    expect((await program.ended).code).toBe(expected);
    expect(program.stderr()).toContain(`as a child of pid ${String(program.pid)}, which stays`);
  });

  it("passes signals on to the app", async () => {
    await using programs = await fixturePrograms();
    await using app = await tempTree({ "entrypoint.json": NO_TASKS, "old.cjs": "delete process.execve;" });
    const options = { cwd: app.path, env: { ...process.env, PATH: programs.searchPath } };
    const words = ["--require", join(app.path, "old.cjs"), built.file, "run", "--json", "--", "prints-signals"];
    await using program = startProgram(process.execPath, words, options);
    await program.says("ready");
    program.kill("SIGHUP");
    await program.says("got HUP");
    program.kill("SIGTERM");
    expect(await program.ended).toEqual({ code: 143, signal: null });
    expect(program.stdout().match(/"type":"summary"/g)).toHaveLength(1);
  });
});

describe("what only the kernel can refuse", () => {
  it("is answered with 126 and its reason: a program that is being written", async () => {
    await using bin = await tempTree();
    const file = join(bin.path, "busy");
    await copyFile("/bin/true", file);
    await using _writer = await open(file, "r+");
    const { code, stderr } = await become([file]);
    expect(stderr).toMatch(/busy/i);
    expect(stderr).not.toContain("Native stack");
    expect(code).toBe(126);
  });

  it.each(["a=b", "-", "-u"])("does not change what a program of the name %s is started as", async (name) => {
    await using bin = await tempTree({ [name]: "#!/bin/sh\necho started $1\n" });
    await chmod(join(bin.path, name), 0o755);
    const env = { PATH: `${bin.path}:${process.env["PATH"] ?? ""}`, LC_ALL: undefined, LD_PRELOAD: undefined };
    expect((await become([name, "c=d"], env)).stdout).toBe("started c=d\n");
  });

  it("does not change what is started without PATH", async () => {
    expect((await become(["sh", "-c", "echo $0"], { PATH: undefined })).stdout).toBe("sh\n");
  });
});

describe("planHandOver", () => {
  const none = new Map<number, number>();
  const planHandOver = (command: readonly string[], facts: Partial<HandOverFacts>) =>
    plan(command, { pid: 7, tiniInPath: false, exitCodes: none, ...facts });

  it("puts tini before the app when this is PID 1", () => {
    expect(planHandOver(["puma", "-p", "1"], { pid: 1, tiniInPath: true })).toEqual({
      command: ["tini", "--", "puma", "-p", "1"],
      via: "tini",
      exitCodes: {},
      withoutInit: false,
    });
  });

  it("says so when there is no tini", () => {
    expect(planHandOver(["puma"], { pid: 1 })).toMatchObject({ command: ["puma"], via: "direct", withoutInit: true });
  });

  it.each(["tini", "/usr/bin/tini", "dumb-init"])("leaves %s alone", (init) => {
    expect(planHandOver([init, "--", "puma"], { pid: 1, tiniInPath: true }).via).toBe("direct");
  });

  it("does nothing under an init", () => {
    expect(planHandOver(["puma"], { tiniInPath: true }).via).toBe("direct");
  });

  it.each([
    [1, ["tini", "-e", "143", "--", "puma"]],
    [7, ["tini", "-s", "-e", "143", "--", "puma"]],
  ])("as PID %i leaves it to tini to turn exit codes into 0", (pid, command) => {
    const exitCodes = new Map([[143, 0]]);
    expect(planHandOver(["puma"], { pid, tiniInPath: true, exitCodes })).toMatchObject({ command, via: "tini" });
  });

  it.each([
    [143, 7, true],
    [143, 0, false],
  ])("stays as the parent where tini cannot turn %i into %i (tini: %s)", (from, to, tiniInPath) => {
    const exitCodes = new Map([[from, to]]);
    expect(planHandOver(["puma"], { tiniInPath, exitCodes })).toMatchObject({ command: ["puma"], via: "parent" });
  });
});
