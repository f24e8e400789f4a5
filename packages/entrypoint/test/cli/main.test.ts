import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import { startProgram, tempTree } from "@slipway/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { helpOf } from "../../src/entrykit/help.ts";
import { ENTRYKIT_NAMES } from "../../src/entrykit/names.ts";
import { programHelp, VERB_HELP } from "../../src/cli/verb-help.ts";
import { VERBS } from "../../src/cli/verbs.ts";
import { buildProgram, type BuiltProgram } from "../bundle.ts";

let built: BuiltProgram;
beforeAll(async () => {
  built = await buildProgram();
});
afterAll(async () => built[Symbol.asyncDispose]());

interface Options {
  readonly definition?: unknown;
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: NodeJS.ProcessEnv;
}

async function call(args: readonly string[], { definition = { tasks: [] }, files = {}, env = {} }: Options = {}) {
  await using app = await tempTree({ "entrypoint.json": JSON.stringify(definition), ...files });
  await using program = startProgram(process.execPath, [built.file, ...args], {
    cwd: app.path,
    env: { ...process.env, ...env },
  });
  const end = await program.ended;
  return { ...end, stdout: program.stdout(), stderr: program.stderr() };
}

const RECEIPT = JSON.stringify({ format: "slipway-receipt/1", release: "abc123", target: "s3://b", files: {} });

describe("help", () => {
  it.each(Object.keys(VERBS))("of %s has an example", async (verb) => {
    const { stdout, code } = await call([verb, "--help"]);
    expect(code).toBe(0);
    expect(stdout).toContain(`Example:\n  entrypoint ${verb}`);
    const flags = Object.keys(VERBS[verb]?.flags ?? {}).filter((flag) => flag !== "--help");
    for (const flag of flags) expect(stdout).toContain(flag);
  });

  it("of the program lists the verbs", async () => {
    const { stdout } = await call(["--help"]);
    for (const verb of Object.keys(VERBS)) expect(stdout).toContain(`entrypoint ${verb}`);
    const columns = [...stdout.matchAll(/^ {2}entrypoint (\S+ +)(?=prints|makes|carries|finds)/gm)].map(
      ([, name]) => name,
    );
    expect(columns.length).toBe(6);
    expect(new Set(columns.map((name) => name?.length)).size).toBe(1);
  });

  it("fits a terminal of 80 columns", () => {
    const texts = [programHelp(), ...Object.values(VERB_HELP), ...ENTRYKIT_NAMES.map(helpOf)];
    expect(texts.flatMap((text) => text.split("\n")).filter((line) => line.length > 80)).toEqual([]);
  });

  it("is what no words at all give, as wrong use", async () => {
    expect(await call([])).toMatchObject({ code: 2, stdout: "", stderr: programHelp() });
  });
});

describe("a wrong word", () => {
  it.each([
    [["--versoin"], "unknown flag --versoin: did you mean --version?", "ENTRYPOINT_FLAG_UNKNOWN"],
    [["--json"], "unknown flag --json: expected one of --symlink, --version, --help", "ENTRYPOINT_FLAG_UNKNOWN"],
    [["runn"], 'there is no verb "runn": did you mean run?', "ENTRYPOINT_VERB_UNKNOWN"],
    [
      ["start"],
      'there is no verb "start": expected one of run, explain, lint, doctor, health, bake',
      "ENTRYPOINT_VERB_UNKNOWN",
    ],
    [["run", "--jsno"], "run: unknown flag --jsno: did you mean --json?", "ENTRYPOINT_FLAG_UNKNOWN"],
    [
      ["run"],
      "run: there is no command to become; expected: entrypoint run -- COMMAND...",
      "ENTRYPOINT_COMMAND_MISSING",
    ],
  ])("%j is named with what was expected, under one prefix", async (args, message, code) => {
    const text = await call(args);
    const shown = args.includes("--json") ? text.stdout : text.stderr;
    expect(text.code).toBe(2);
    expect(shown).toContain(args.includes("--json") ? `"message":"${message}"` : `entrypoint: ${message}\n`);
    expect(shown).toContain(code);
  });
});

describe("lint", () => {
  const TRAPS = 'FROM x\nENTRYPOINT ["prehook", "rm -f tmp/*"]\nCMD ["app"]\n';

  it("names each trap with its line and remedy, and ends with 1 when one is an error", async () => {
    const { code, stdout } = await call(["lint"], { files: { Dockerfile: TRAPS } });
    expect(code).toBe(1);
    expect(stdout).toContain('Dockerfile:2: warning: no shell runs this task, so "*" is plain text\n  remedy: ');
    expect(stdout).toContain("[entrykit/missing-separator]\nDockerfile: 2 found\n");
  });

  it("gives findings as JSON lines that end with the summary", async () => {
    const { code, stdout } = await call(["lint", "--json", "--dockerfile", "d/File"], {
      files: { "d/File": 'FROM x\nENTRYPOINT ["prehook", "rm -f tmp/*", "--"]\n' },
    });
    const lines = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as object);
    expect(lines[0]).toMatchObject({ type: "finding", file: "d/File", code: "entrykit/no-shell", line: 2 });
    expect(lines.slice(1)).toEqual([{ type: "summary", findings: 1, errors: 0 }]);
    expect(code).toBe(0);
  });

  it("says so when there is nothing", async () => {
    const { code, stdout } = await call(["lint"], { files: { Dockerfile: "FROM x\n" } });
    expect({ code, stdout }).toEqual({ code: 0, stdout: "Dockerfile: no traps\nentrypoint.json: no traps\n" });
  });
});

describe("run", () => {
  const TASKS = { tasks: [{ task: "run", run: ["echo", "task"] }] };

  it("says each step on standard error, so that standard output is the app's", async () => {
    const { stdout, stderr } = await call(["run", "--", "echo", "app"], { definition: TASKS });
    expect(stdout).toBe("task\napp\n");
    expect(stderr).toMatch(
      /^entrypoint: run: echo task: done \([\d.]+ s\)\nentrypoint: becoming echo app \(pid \d+\)\n$/,
    );
  });

  it("says it as JSON lines that end with the summary", async () => {
    const { stdout, stderr } = await call(["run", "--json", "--", "true"], {
      definition: TASKS,
      env: { ENTRYPOINT_RELEASE: "r9" },
    });
    const lines = stdout.trimEnd().split("\n");
    const events = lines.map((line) => JSON.parse(line) as { type: string });
    expect(events.map((event) => event.type)).toEqual(["step-started", "step-done", "hand-over", "summary"]);
    expect(events.at(-1)).toMatchObject({
      outcome: "handed-over",
      release: "r9",
      exitCode: null,
      steps: [{ task: "run", outcome: "done" }],
    });
    expect(stderr).toBe("task\n");
  });

  it("ends JSON lines of a failed start with the summary and its exit code", async () => {
    const definition = { tasks: [{ task: "run", run: ["sh", "-c", "exit 5"] }] };
    const { stdout, code } = await call(["run", "--json", "--", "true"], { definition });
    const events = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { type: string; exitCode?: number });
    expect(events.at(-1)).toMatchObject({ type: "summary", outcome: "failed", exitCode: 5 });
    expect(events.map((event) => event.type)).toContain("error");
    expect(code).toBe(5);
  });

  it("leaves flags after the -- to the app", async () => {
    const { stdout, stderr } = await call(["run", "--quiet", "--", "echo", "--json", "--help"]);
    expect(stdout).toBe("--json --help\n");
    expect(stderr).toBe("");
  });

  it("refuses a variable of ours that nobody reads", async () => {
    const { stderr, code } = await call(["run", "--", "true"], { env: { ENTRYPOINT_RELAESE: "r1" } });
    expect(stderr).toContain(
      "ENTRYPOINT_RELAESE: this environment variable is not read by anything here; did you mean ENTRYPOINT_RELEASE?",
    );
    expect(code).toBe(2);
  });

  it("writes nothing by itself", async () => {
    await using app = await tempTree({ "entrypoint.json": JSON.stringify(TASKS) });
    await using program = startProgram(process.execPath, [built.file, "run", "--", "true"], { cwd: app.path });
    await program.ended;
    expect(await readdir(app.path)).toEqual(["entrypoint.json"]);
  });
});

describe("explain", () => {
  const definition = {
    receipt: "receipt.json",
    tasks: [
      { task: "wait-for", url: "${DATABASE_URL}", deadline: "30s" },
      { task: "verify-assets" },
      { task: "migrate", run: ["touch", "ran"], election: "${DATABASE_URL}" },
    ],
  };
  const options = {
    definition,
    files: { "receipt.json": RECEIPT },
    env: { DATABASE_URL: "postgres://app:s3cret@db/shop" },
  };

  it("prints the plan, runs nothing and shows no password", async () => {
    const { stdout, stderr, code } = await call(["explain", "--", "bin/rails", "server"], options);
    expect(stdout.split("on ECS:")[0]).toBe(`release: abc123 (from receipt.json)
mode: web
1. wait-for: PostgreSQL db:5432/shop (deadline 30 s)
2. verify-assets: receipt.json (deadline 60 s)
3. migrate: touch ran (once per release by PostgreSQL db:5432/shop, deadline 900 s, 3 tries)
then: becomes bin/rails server
`);
    expect(stderr).toBe("");
    expect(code).toBe(0);
  });

  it("prints it as JSON, without secrets too", async () => {
    const { stdout } = await call(["explain", "--json"], options);
    expect(JSON.parse(stdout)).toMatchObject({ type: "summary", release: { id: "abc123", from: "receipt.json" } });
    expect(stdout).not.toContain("s3cret");
  });

  it("shows variables in commands by name, as a failure does", async () => {
    const task = { task: "run", run: ["sh", "-c", "exit 4 # ${API_KEY}"] };
    const more = { definition: { tasks: [task] }, env: { API_KEY: "s3cret" } };
    const { stdout } = await call(["explain"], more);
    const { stderr, code } = await call(["run", "--", "true"], more);
    expect(stdout).toContain("1. run: sh -c exit 4 # ${API_KEY} (");
    expect(stderr).toContain("sh -c exit 4 # ${API_KEY} ended with 4");
    expect(stdout + stderr).not.toContain("s3cret");
    expect(code).toBe(4);
  });

  it("takes the release from the environment before the receipt", async () => {
    const { stdout } = await call(["explain"], { ...options, env: { ...options.env, ENTRYPOINT_RELEASE: "r2" } });
    expect(stdout).toContain("release: r2 (from ENTRYPOINT_RELEASE)");
  });
});

describe("verify-assets", () => {
  const definition = { tasks: [{ task: "verify-assets", receipt: "receipt.json" }] };

  it("passes when asset-sync finds all of the receipt, and has asked for just that", async () => {
    await using bin = await tempTree({ "asset-sync": '#!/bin/sh\necho "called $*" >&2; echo "{}"\n' });
    await startProgram("chmod", ["755", join(bin.path, "asset-sync")]).ended;
    const env = { PATH: `${bin.path}:${process.env["PATH"] ?? ""}` };
    const { stdout, stderr, code } = await call(["run", "--", "echo", "app"], {
      definition,
      files: { "receipt.json": RECEIPT },
      env,
    });
    expect(stderr).toContain("called verify --receipt receipt.json --json\n");
    expect(stdout).toBe("app\n");
    expect(code).toBe(0);
  });

  it("ends with 127 when the image has no asset-sync", async () => {
    const env = { PATH: `${dirname(process.execPath)}:/usr/bin:/bin` };
    const files = { "receipt.json": RECEIPT };
    const { stdout, stderr, code } = await call(["run", "--", "echo", "app"], { definition, files, env });
    expect(code).toBe(127);
    expect(stderr).toContain('"asset-sync": no such program in PATH');
    expect(stdout).toBe("");
  });
});

describe("the bundle", () => {
  it("is one executable CommonJS file that names its interpreter", async () => {
    expect(await readFile(built.file, "utf8")).toMatch(/^#!\/usr\/bin\/env node\n/);
    await using program = startProgram(built.file, ["--version"]);
    expect((await program.ended).code).toBe(0);
  });

  it("works when it is called through a link from elsewhere", async () => {
    await using elsewhere = await tempTree({ "entrypoint.json": '{ "tasks": [] }' });
    const link = join(elsewhere.path, "entrypoint");
    await startProgram("ln", ["-s", built.file, link]).ended;
    await using program = startProgram(link, ["run", "--quiet", "--", "echo", "linked"], { cwd: elsewhere.path });
    await program.ended;
    expect(program.stdout()).toBe("linked\n");
  });

  it("loads neither a driver nor crypto nor the network for a start without tasks", async () => {
    await using app = await tempTree({ "entrypoint.json": '{ "tasks": [] }' });
    const env = { ...process.env, NODE_DEBUG: "module" };
    await using program = startProgram(process.execPath, [built.file, "run", "--", "true"], { cwd: app.path, env });
    await program.ended;
    const loaded = [...program.stderr().matchAll(/load "([^"]+)"/g)].map((match) => match[1] ?? "");
    const own = loaded.filter((file) => file.startsWith(dirname(built.file)));
    // The launcher; the program's own files it loads as scripts.
    expect(new Set(own).size).toBe(1);
    const folder = dirname(built.file);
    const programs = (await readdir(folder)).filter((name) => /^(program|run)-.{8}\.cjs$/.test(name));
    expect(programs).toHaveLength(2);
    for (const file of [...own, ...programs.map((name) => join(folder, name))]) {
      const text = await readFile(file, "utf8");
      const atOnce = text.split("\n").filter((line) => /(^|\{ )(let|const|var) .*require\(/.test(line));
      expect(atOnce.filter((line) => /"(node:)?(crypto|net|tls|https?|sqlite|child_process)"/.test(line))).toEqual([]);
      expect(text.length).toBeLessThan(50_000);
    }
  });
});
