import { appendFile, readFile } from "node:fs/promises";
import { join } from "node:path";

import { isAlive, startProgram, tempTree, until } from "@slipway/testkit";
import { afterAll, beforeAll, expect, it } from "vitest";

import { buildProgram, type BuiltProgram } from "../bundle.ts";

let built: BuiltProgram;
beforeAll(async () => {
  built = await buildProgram();
});
afterAll(async () => built[Symbol.asyncDispose]());

/** The task writes its begin and its end into a log with single appends, so overlapping runs would show. */
const TASK = `echo begin >> log; while [ ! -e go ]; do sleep 0.02; done; echo end >> log; exit "$(cat code 2>/dev/null || echo 0)"`;

async function shared() {
  const folder = await tempTree({ log: "" });
  const election = `file://${join(folder.path, "election.db")}`;
  const definition = { tasks: [{ task: "migrate", run: ["sh", "-c", TASK], election, deadline: "100s" }] };
  await folder.write({ "entrypoint.json": JSON.stringify(definition) });
  return { ...folder, log: () => readFile(join(folder.path, "log"), "utf8") };
}

function start(folder: string, release: string | null = "r1") {
  const { ENTRYPOINT_RELEASE: _, ...plain } = process.env;
  const env = release === null ? plain : { ...plain, ENTRYPOINT_RELEASE: release };
  return startProgram(process.execPath, [built.file, "run", "--", "echo", "APP"], { cwd: folder, env });
}

it.each([5, 20])("%i containers at once: one runs it, all become the app", async (count) => {
  await using folder = await shared();
  await using all = new AsyncDisposableStack();
  const programs = Array.from({ length: count }, () => all.use(start(folder.path)));
  await until("one runs it", async () => (await folder.log()) === "begin\n");
  await folder.write({ go: "" });
  const ends = await Promise.all(programs.map((program) => program.ended));
  expect(ends.filter(({ code }) => code !== 0)).toEqual([]);
  expect(programs.filter((program) => program.stdout().includes("APP"))).toHaveLength(count);
  expect(await folder.log()).toBe("begin\nend\n");
});

it("another takes over when the leader is killed, and its task does not go on", async () => {
  await using folder = await shared();
  await using leader = start(folder.path);
  await until("the leader runs it", async () => (await folder.log()) === "begin\n");
  await using follower = start(folder.path);
  await follower.says("still waiting for election");
  leader.kill("SIGKILL");
  await until("the follower runs it", async () => (await folder.log()) === "begin\nbegin\n");
  await folder.write({ go: "" });
  expect(await follower.ended).toEqual({ code: 0, signal: null });
  await leader.ended;
  expect(await folder.log()).toBe("begin\nbegin\nend\n");
});

it("runs it again for another release, and not for the same", async () => {
  await using folder = await shared();
  await folder.write({ go: "" });
  for (const release of ["r1", "r1", "r2", "r1"]) {
    await using program = start(folder.path, release);
    expect((await program.ended).code).toBe(0);
  }
  expect(await folder.log()).toBe("begin\nend\n".repeat(2));
});

it("puts containers in a row when there is no release, and says so", async () => {
  await using folder = await shared();
  await folder.write({ go: "" });
  await using all = new AsyncDisposableStack();
  const programs = Array.from({ length: 3 }, () => all.use(start(folder.path, null)));
  await Promise.all(programs.map((program) => program.ended));
  expect(await folder.log()).toBe("begin\nend\n".repeat(3));
  expect(programs[0]?.stderr()).toContain("no release id");
});

it("ends followers with the leader's failure, and gives a release up after its tries", async () => {
  await using folder = await shared();
  await folder.write({ code: "7" });
  await using leader = start(folder.path);
  await until("the leader runs it", async () => (await folder.log()) === "begin\n");
  await using follower = start(folder.path);
  await follower.says("still waiting for election");
  await folder.write({ go: "" });
  expect((await leader.ended).code).toBe(7);
  expect((await follower.ended).code).toBe(123);
  expect(follower.stderr()).toMatch(/migrate of release r1 has failed once, last in \S+: sh -c .* ended with 7/s);
  const codes: (number | null)[] = [];
  for (let index = 0; index < 4; index += 1) {
    await using again = start(folder.path);
    codes.push((await again.ended).code);
  }
  expect(codes).toEqual([7, 7, 123, 123]);
  expect(await folder.log()).toBe("begin\nend\n".repeat(3));
});

it("gives the lock up and remembers nothing when a signal ends the leader", async () => {
  await using folder = await shared();
  await using leader = start(folder.path);
  await until("the leader runs it", async () => (await folder.log()) === "begin\n");
  leader.kill("SIGTERM");
  expect((await leader.ended).code).toBe(143);
  expect(await isAlive(leader.pid)).toBe(false);
  await appendFile(join(folder.path, "go"), "");
  await using second = start(folder.path);
  expect((await second.ended).code).toBe(0);
  expect(await folder.log()).toBe("begin\nbegin\nend\n");
});

it("ends a wait at its deadline with who is waited for", async () => {
  await using folder = await shared();
  await using leader = start(folder.path);
  await until("the leader runs it", async () => (await folder.log()) === "begin\n");
  const text = await readFile(join(folder.path, "entrypoint.json"), "utf8");
  await folder.write({ "entrypoint.json": text.replace("100s", "5s") });
  await using late = start(folder.path);
  expect((await late.ended).code).toBe(125);
  expect(late.stderr()).toMatch(
    /election\.db was not settled within 5 s: (another container holds the lock|\S+ has been running it for \d)/,
  );
  leader.kill("SIGTERM");
  await leader.ended;
});
