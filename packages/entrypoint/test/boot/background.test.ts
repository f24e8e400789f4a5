import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { fixturePrograms, freePort, isAlive, startProgram, tempTree, type RunningProgram } from "@slipway/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { buildProgram, type BuiltProgram } from "../bundle.ts";

let built: BuiltProgram;
beforeAll(async () => {
  built = await buildProgram();
});
afterAll(async () => built[Symbol.asyncDispose]());

/** An app that listens a little after it was started, stops listening at USR2, and ends with 7 at TERM. */
const APP = `
const server = require("node:net").createServer((socket) => socket.destroy());
process.on("SIGUSR2", () => server.close(() => console.log("closed")));
process.on("SIGTERM", () => process.exit(7));
setTimeout(() => server.listen(process.env.PORT, () => console.log("listening")), 300);
setInterval(() => {}, 1000);
`;

interface Start {
  readonly definition: object;
  readonly env?: NodeJS.ProcessEnv;
  readonly flags?: readonly string[];
  readonly command?: readonly string[];
}

async function start({ definition, env, flags = [], command }: Start, work: (app: RunningProgram) => Promise<void>) {
  await using programs = await fixturePrograms();
  await using folder = await tempTree({ "entrypoint.json": JSON.stringify(definition), "app.cjs": APP });
  const PORT = String(await freePort());
  const options = { cwd: folder.path, env: { ...process.env, PATH: programs.searchPath, PORT, ...env } };
  const args = [built.file, "run", ...flags, "--", ...(command ?? [process.execPath, "app.cjs"])];
  await using program = startProgram(process.execPath, args, options);
  await work(program);
  // Only when the background has let go of standard error, too.
  const { code } = await program.ended;
  return { code, stdout: program.stdout(), stderr: program.stderr() };
}

function beside(script: string, keys: object = {}): object {
  return { tasks: [{ task: "run", run: ["sh", "-c", script], background: true, name: "sitemap", ...keys }] };
}

const CONNECT = `require("node:net").connect(process.env.PORT, "127.0.0.1", () => process.exit(0)).on("error", () => process.exit(9))`;

describe("a task in the background", () => {
  it("begins when the app listens, and the app is what was started", async () => {
    const definition = beside(`"$0" -e '${CONNECT}'; echo "connected: $?"`, {
      run: ["sh", "-c", `"$0" -e '${CONNECT}'; echo "connected: $?"`, process.execPath],
    });
    const { code, stdout, stderr } = await start({ definition }, async (app) => {
      await app.says("done");
      expect(await readFile(`/proc/${String(app.pid)}/cmdline`, "utf8")).toContain("app.cjs");
      app.kill("SIGTERM");
    });
    expect({ code, stdout }).toEqual({ code: 7, stdout: "listening\n" });
    expect(stderr).toContain("sitemap | connected: 0\n");
    expect(stderr).toMatch(/background: sh -c .*: done \(\d/s);
  });

  it("is no child of the app, and stands back for it", async () => {
    const script = 'echo "parent $(cut -d" " -f4 /proc/$PPID/stat) nice $(nice) oom $(cat /proc/self/oom_score_adj)"';
    const { stderr } = await start({ definition: beside(script) }, async (app) => {
      await app.says("done");
      expect(await readFile(`/proc/${String(app.pid)}/task/${String(app.pid)}/children`, "utf8")).toBe("");
      expect(app.stderr()).not.toContain(`parent ${String(app.pid)} `);
      app.kill("SIGTERM");
    });
    expect(stderr).toMatch(/parent \d+ nice 10 oom 500/);
  });

  it("that fails is a warning, and the next one is run if it does not come after it", async () => {
    const after = { task: "run", run: ["echo", "after"], background: true, after: ["sitemap"] };
    const next = { task: "run", run: ["echo", "next"], background: true };
    const { tasks } = beside("exit 3") as { readonly tasks: readonly object[] };
    const { code, stderr } = await start({ definition: { tasks: [...tasks, after, next] } }, async (app) => {
      await app.says("background | next");
      app.kill("SIGTERM");
    });
    expect(code).toBe(7);
    expect(stderr).toContain("entrypoint: warning: background: sh -c exit 3 ended with 3\n");
    expect(stderr).toContain("background: echo after is not run, because sitemap has failed\n");
    expect(stderr).not.toContain("| after");
  });

  it.each([
    ["does not listen any more", "SIGUSR2", "closed"],
    ["has ended", "SIGTERM", "listening"],
  ] as const)("is asked to end when the app %s", async (_, signal, said) => {
    const definition = { tasks: [{ task: "run", run: ["prints-signals"], background: true, name: "sitemap" }] };
    const { stdout, stderr } = await start({ definition }, async (app) => {
      await app.says("sitemap | ready");
      app.kill(signal);
      await app.says("sitemap | got TERM");
      app.kill("SIGTERM");
    });
    expect(stdout).toContain(said);
    expect(stderr).toContain("background: prints-signals was asked to end, because the app ends");
  });

  it("has secrets and shows none", async () => {
    await using file = await tempTree({ key: "hunter22" });
    const definition = { secretFiles: ["KEY"], ...beside('echo "key $KEY"; echo "$KEY" | base64') };
    const env = { KEY_FILE: join(file.path, "key") };
    const { stderr } = await start({ definition, env }, async (app) => {
      await app.says("done");
      app.kill("SIGTERM");
    });
    expect(stderr).toContain("sitemap | key ***\nsitemap | ***");
    expect(stderr).not.toContain("hunter22");
  });

  it("waits for no port where the app is no web server, and is not started when it is not for that", async () => {
    const command = ["sh", "-c", "trap 'exit 7' TERM; echo working; while :; do sleep 0.05; done"];
    const worker = { command, flags: ["--quiet"], env: { ENTRYPOINT_MODE: "worker" } };
    const definition = beside("echo here", { for: ["worker"] });
    const { stderr } = await start({ definition, ...worker }, async (app) => {
      await app.says("sitemap | here");
      app.kill("SIGTERM");
    });
    expect(stderr).toBe("sitemap | here\n");
    const other = await start({ definition: beside("echo here"), ...worker }, async (app) => {
      await app.says("working");
      app.kill("SIGTERM");
    });
    expect(other).toEqual({ code: 7, stdout: "working\n", stderr: "" });
  });

  it("ends with an app that never listens", async () => {
    const { code, stderr } = await start({ definition: beside("echo here"), command: ["sh", "-c", "exit 4"] }, () =>
      Promise.resolve(),
    );
    expect(code).toBe(4);
    expect(stderr).not.toContain("here");
  });

  it("with --json tells events on standard error, and standard output is the app's", async () => {
    const { stdout, stderr } = await start({ definition: beside("true"), flags: ["--json"] }, async (app) => {
      await app.says('"type":"step-done"');
      app.kill("SIGTERM");
    });
    expect(stdout).toMatch(/"type":"summary".*\nlistening\n$/);
    expect(JSON.parse(stderr.trimEnd().split("\n").at(-1) ?? "")).toMatchObject({
      type: "step-done",
      task: "background",
      outcome: "done",
    });
  });
});

/** What a task with these keys has done after a start of each release. */
async function both(keys: object, releases: readonly [string, string]) {
  await using store = await tempTree();
  const election = `file://${join(store.path, "elections")}`;
  const script = `echo ran >>${join(store.path, "ran")}`;
  for (const release of releases) {
    const flags = ["--release", release];
    await start({ definition: beside(script, { election, ...keys }), flags }, async (app) => {
      await app.says(/background: sh -c .* \([\d.]+ s\)/s);
      expect(await isAlive(app.pid)).toBe(true);
      app.kill("SIGTERM");
    });
  }
  return readFile(join(store.path, "ran"), "utf8");
}

describe("a task that one container runs", () => {
  it("is run once per release", async () => {
    expect(await both({}, ["a", "a"])).toBe("ran\n");
    expect(await both({}, ["a", "b"])).toBe("ran\nran\n");
  });

  it("or once in a period, whatever the release", async () => {
    expect(await both({ every: "500h" }, ["a", "b"])).toBe("ran\n");
  });
});
