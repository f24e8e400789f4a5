import { randomBytes } from "node:crypto";
import { chmod } from "node:fs/promises";
import { dirname, join } from "node:path";

import {
  fixturePrograms,
  lookUpServices,
  runSync,
  startProgram,
  tempTree,
  until,
  type RunningProgram,
} from "@slipway/testkit";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

import { buildProgram, type BuiltProgram } from "../bundle.ts";
import { holdMigrations, testDatabase } from "../database.ts";

const IMAGE = "node:24-slim";
const REPOSITORY = join(import.meta.dirname, "../../../..");
const services = lookUpServices("docker");
const withDatabase = lookUpServices("docker", "postgres");

let built: BuiltProgram;
beforeAll(async () => {
  built = await buildProgram();
});
afterAll(async () => built[Symbol.asyncDispose]());

const names: string[] = [];
afterEach(() => {
  if (names.length > 0) runSync("docker", ["rm", "--force", ...names.splice(0)]);
});

/** A container in its hardest setting: no network, read-only, no capabilities, a user that no passwd entry names. */
const HARDENED = ["--read-only", "--user", "12345:12345", "--cap-drop", "ALL", "--network", "none"];

interface Container extends RunningProgram {
  readonly name: string;
}

function container(flags: readonly string[], command: readonly string[], image: string = IMAGE): Container {
  const name = `slipway-test-${randomBytes(6).toString("hex")}`;
  names.push(name);
  const mounts = ["--volume", `${dirname(built.file)}:/bundle:ro`];
  const args = ["run", "--name", name, ...mounts, ...flags, image, "/bundle/entrypoint.cjs", "run", ...command];
  return { ...startProgram("docker", args), name };
}

function signal(name: string, number: string): void {
  runSync("docker", ["kill", "--signal", number, name]);
}

interface App extends AsyncDisposable {
  readonly flags: readonly string[];
}

/** A folder with a definition and the fixture programs, mounted as the working directory. */
async function app(tasks: readonly object[]): Promise<App> {
  const stack = new AsyncDisposableStack();
  const programs = stack.use(await fixturePrograms());
  await programs.write({ "entrypoint.json": JSON.stringify({ tasks }) });
  await chmod(programs.path, 0o755);
  const path = "/app:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  return {
    flags: ["--volume", `${programs.path}:/app:ro`, "--workdir", "/app", "--env", `PATH=${path}`],
    [Symbol.asyncDispose]: async () => stack.disposeAsync(),
  };
}

const MODES = [
  ["as PID 1", []],
  ["under an init", ["--init"]],
] as const;

describe.skipIf(!services.available).each(MODES)("%s", (mode, init) => {
  it("becomes the app, which sees a clean process", async () => {
    await using folder = await app([{ task: "run", run: ["true"] }]);
    const limits = ["--ulimit", "nofile=1000:4000"];
    const program = container([...HARDENED, ...init, ...limits, ...folder.flags], ["--", "shows-itself"]);
    expect((await program.ended).code).toBe(0);
    expect(program.stdout()).toMatch(/SigIgn:\s+0000000000000000\n/);
    expect(program.stdout()).toMatch(/SigBlk:\s+0000000000000000\n/);
    // Node has raised the limit of PID 1, and a PID 1 has no parent that would still know it.
    expect(program.stdout()).toContain(mode === "as PID 1" ? "nofile 4000\n" : "nofile 1000\n");
    expect(program.stdout().includes("pid 1\n")).toBe(mode === "as PID 1");
    expect(program.stderr().includes("warning: this is PID 1")).toBe(mode === "as PID 1");
  });

  it("leaves no process beside the app and its init", async () => {
    await using folder = await app([{ task: "run", run: ["true"] }]);
    const command = ["--quiet", "--", "sh", "-c", "cd /proc; echo processes [0-9]*"];
    const program = container([...HARDENED, ...init, ...folder.flags], command);
    await program.ended;
    expect(/processes (.*)\n/.exec(program.stdout())?.[1]?.split(" ")).toHaveLength(mode === "as PID 1" ? 1 : 2);
  });

  it.each([0, 1, 7])("passes exit code %i through", async (code) => {
    await using folder = await app([]);
    const program = container([...HARDENED, ...init, ...folder.flags], ["--", "exits", String(code)]);
    expect((await program.ended).code).toBe(code);
  });

  it("hands TERM to the app and passes its 143 through", async () => {
    await using folder = await app([]);
    const program = container([...HARDENED, ...init, ...folder.flags], ["--", "prints-signals"]);
    await program.says("ready");
    signal(program.name, "TERM");
    expect((await program.ended).code).toBe(143);
    expect(program.stdout()).toContain("got TERM");
  });

  it("hands TERM to a running task, starts nothing after it and ends with 143", async () => {
    await using folder = await app([{ task: "run", run: ["prints-signals"] }]);
    const program = container([...HARDENED, ...init, ...folder.flags], ["--", "echo", "APP"]);
    await program.says("ready");
    signal(program.name, "TERM");
    expect((await program.ended).code).toBe(143);
    expect(program.stdout()).toContain("got TERM");
    expect(program.stdout()).not.toContain("APP");
  });
});

describe.skipIf(!services.available)("with a terminal and exit codes that become others", () => {
  it.each(["with", "without"])("hands each signal to the app once %s an init", async (init) => {
    await using folder = await app([]);
    const flags = ["--tty", "--env", "ENTRYPOINT_EXIT_CODES=143=5", ...(init === "with" ? ["--init"] : [])];
    const program = container([...flags, ...HARDENED, ...folder.flags], ["--", "prints-signals"]);
    await program.says("ready");
    for (const name of ["HUP", "INT", "QUIT", "WINCH", "USR1"]) {
      signal(program.name, name);
      await program.says(`got ${name}`);
    }
    signal(program.name, "TERM");
    expect((await program.ended).code).toBe(5);
    expect(program.stdout().match(/got (?!TERM)/g)).toHaveLength(5);
  });
});

describe.skipIf(!services.available)("as PID 1 with tini in the image", () => {
  it("becomes tini with the app below it", async () => {
    await using folder = await app([]);
    await using tini = await tempTree({ tini: '#!/bin/sh\necho "tini $$ $*"\n' });
    await chmod(tini.path, 0o755);
    await chmod(join(tini.path, "tini"), 0o755);
    const mount = ["--volume", `${join(tini.path, "tini")}:/usr/bin/tini:ro`];
    const program = container([...HARDENED, ...folder.flags, ...mount], ["--quiet", "--", "exits", "3"]);
    await program.ended;
    expect(program.stdout()).toBe("tini 1 -- exits 3\n");
  });
});

describe.skipIf(!withDatabase.available)("five containers of a release", () => {
  it("apply each migration once, although the one that migrates is killed", async () => {
    await using database = await testDatabase();
    const migrator = join("/repository", "packages/entrypoint/test/fixtures/migrator.cjs");
    const task = {
      task: "migrate",
      run: ["node", migrator, "1:0", "2:held"],
      election: "${DATABASE_URL}",
      deadline: "60s",
    };
    await using folder = await app([{ task: "wait-for", url: "${DATABASE_URL}" }, task]);
    const environment = ["--env", `DATABASE_URL=${database.url}`, "--env", "ENTRYPOINT_RELEASE=r1"];
    const mount = ["--volume", `${REPOSITORY}:/repository:ro`, "--network", "host"];
    const flags = ["--init", ...folder.flags, ...environment, ...mount];
    const letGo = await holdMigrations(database);
    const all = Array.from({ length: 5 }, () => container(flags, ["--", "echo", "APP"]));
    const leaderOf = (): Container | undefined => all.find((one) => one.stdout().includes("applying 2"));
    await until("one applies the slow migration", () => leaderOf() !== undefined, 60_000);
    const leader = leaderOf();
    signal(leader?.name ?? "", "KILL");
    await leader?.ended;
    await letGo();
    const codes = await Promise.all(all.map(async (one) => [one === leader, (await one.ended).code]));
    expect(codes.filter(([isLeader]) => isLeader === false)).toEqual(Array.from({ length: 4 }, () => [false, 0]));
    expect(codes.filter(([isLeader]) => isLeader === true)).toEqual([[true, 137]]);
    const applied = await database.query("select version from applied order by id");
    expect(applied).toEqual([{ version: "1" }, { version: "2" }]);
    const states = await database.query("select state from slipway.elections");
    expect(states).toEqual([{ state: "done" }]);
  });
});

describe.skipIf(!services.available).each(["node:22-slim", "node:24-slim"])("on %s", (image) => {
  it("runs each kind of task and becomes the app", async () => {
    await using folder = await app([
      { task: "run", run: ["true"] },
      { task: "wait-for", url: "file:///app/entrypoint.json" },
    ]);
    const program = container(["--init", ...folder.flags], ["--", "exits", "7"], image);
    expect({ ...(await program.ended), stderr: program.stderr() }).toMatchObject({
      code: 7,
      stderr: expect.stringContaining("becoming exits 7") as unknown,
    });
  });
});
