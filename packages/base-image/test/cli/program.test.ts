import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

import { tempTree, type TempTree } from "@slipway/testkit";
import { execa } from "execa";
import { describe, expect, it } from "vitest";

import { runProgram } from "../../src/cli/program.ts";
import { failureText } from "../../src/cli/failure.ts";
import { printable } from "../../src/cli/output.ts";
import { BaseImageError } from "../../src/errors.ts";
import { fakeEngine } from "../engine/fake-engine.ts";
import { runCli } from "./run-cli.ts";

const INDEX = fileURLToPath(new URL("../../src/index.ts", import.meta.url));
const MAIN = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));

async function folder(definition: string): Promise<TempTree & { readonly config: string }> {
  const source = `import { arg, defineImage, expand, from, rubyNode, secret, stage } from ${JSON.stringify(INDEX)};\n${definition}\n`;
  const tree = await tempTree({ "package.json": '{"type":"module"}', "image.config.ts": source });
  return { ...tree, config: `${tree.path}/image.config.ts` };
}

const GOOD = 'export default rubyNode({ ruby: "3.3", node: "24", suite: "trixie" });';
const TWINS = 'export default defineImage({ name: "x", stages: [stage("a", "debian"), stage("a", "debian")] });';
const SECRET =
  'export default defineImage({ name: "x", stages: [stage("a", "debian").run("true", { mounts: [secret("aws")] })] });';

const BASES = `const a = stage("a", from(arg("BASE", "base:builder")));
const b = stage("b", from(expand\`debian:\${arg("SUITE")}\`)).copy("/x", "/x", { from: a });
export default defineImage({ name: "x", stages: [a, b], variants: { b } });`;

function lastLine(stdout: string): Record<string, unknown> {
  const line: Record<string, unknown> = JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
  return line;
}

describe("base-image", () => {
  it("renders", async () => {
    await using tree = await folder(GOOD);
    const { code, stdout } = await runCli("--config", tree.config, "render", "--variant", "runtime");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^# .*\nFROM node:24-trixie-slim AS node\n/);
    expect(stdout).not.toContain("AS builder");
  });

  it("checks, with the summary that was promised", async () => {
    await using tree = await folder(GOOD);
    const { code, stdout } = await runCli("check", "--json", "--config", tree.config);
    expect(code).toBe(0);
    const summary = lastLine(stdout);
    expect(summary).toMatchObject({ type: "summary", findings: [] });
    expect(summary["stages"]).toContainEqual(
      expect.objectContaining({ name: "node", base: "node:24-trixie-slim", line: 2 }),
    );
  });

  it("ends a check with 1 when something is wrong, and a render with 2", async () => {
    await using tree = await folder(TWINS);
    const check = await runCli("check", "--json", "--config", tree.config);
    expect(check.code).toBe(1);
    expect(JSON.parse(check.stdout.split("\n").at(-3) ?? "")).toMatchObject({
      type: "error",
      code: "BASE_IMAGE_STAGE_DUPLICATE",
      exitCode: 1,
    });
    expect(lastLine(check.stdout)).toMatchObject({ type: "summary", stages: [], exitCode: 1 });
    expect(lastLine(check.stdout)["findings"]).toEqual([
      expect.objectContaining({
        code: "BASE_IMAGE_STAGE_DUPLICATE",
        kind: "graph",
        severity: "error",
        line: 0,
        column: 0,
      }),
    ]);
    const render = await runCli("render", "--config", tree.config);
    expect(render).toMatchObject({ code: 2, stdout: "" });
    expect(render.stderr).toContain('two stages are named "a"');
  });

  it("explains a build without naming a path or a time", async () => {
    await using one = await folder(GOOD);
    await using two = await folder(GOOD);
    const plans = [
      await runCli("explain", "--json", "--config", one.config),
      await runCli("explain", "--json", "--config", two.config),
    ];
    expect(plans[0]?.stdout).toBe(plans[1]?.stdout);
    expect(lastLine(plans[0]?.stdout ?? "")).toMatchObject({
      type: "summary",
      tags: ["ruby-node:runtime"],
      through: "engine",
    });
    const words = await runCli("explain", "--config", one.config, "--variant", "builder");
    expect(words.stdout).toMatch(/^input hash +[0-9a-f]{64}$/m);
    expect(words.stdout).toMatch(
      /^as +\(tar of the context\) \| docker buildx build --file \.slipway\/Dockerfile --load --tag .+ -$/m,
    );
  });

  it.each([
    ["an engine that has it", { image: { Id: "sha256:1", RepoDigests: ["base@sha256:2"] } }, "sha256:2"],
    ["an engine that has it not", {}, "(not in this engine)"],
    ["no engine", "none" as const, "(no engine answers)"],
  ])("explains what the defaults of build arguments stand for, with %s", async (_, answers, expected) => {
    await using tree = await folder(BASES);
    await using engine = await fakeEngine(answers);
    const args = ["--conditions=source", MAIN, "--config", tree.config, "explain"];
    const ran = await execa(process.execPath, args, { env: { DOCKER_HOST: engine.address } });
    expect(ran.stdout.match(/^from .*$/gm)).toEqual([
      `from        base:builder ${expected} (ARG BASE)`,
      "from        debian:${SUITE} (ARG SUITE without a default)",
    ]);
    const json = await execa(process.execPath, [...args, "--json"], { env: { DOCKER_HOST: engine.address } });
    expect(lastLine(json.stdout)).toMatchObject({
      engineAnswers: answers !== "none",
      bases: [
        { reference: "base:builder", args: ["BASE"], unset: [] },
        { reference: "debian:${SUITE}", args: ["SUITE"], unset: ["SUITE"] },
      ],
    });
  });

  it("asks for a secret before it looks for an engine", async () => {
    await using tree = await folder(SECRET);
    const { code, stderr } = await runCli("build", "--config", tree.config);
    expect(code).toBe(2);
    expect(stderr).toContain("requires the secret aws");
  });

  it.each([
    ["a verb", ["rendr"], "Did you mean render?"],
    ["a flag", ["render", "--varient", "x"], "Did you mean --variant?"],
    ["a secret", ["build", "--secret", "id=awz,env=HOME"], "requires the secret aws"],
    ["a secret's field", ["build", "--secret", "ide=aws"], "expected id=ID,src=FILE"],
    ["a build argument", ["build", "--secret", "id=aws,env=HOME", "--build-arg", "X=1"], "no build argument X"],
    ["a build argument's form", ["build", "--build-arg", "X"], "expected NAME=VALUE"],
    ["a network", ["build", "--network", "bridge"], "expected default, host or none"],
    ["a secret's file", ["build", "--secret", "id=aws,src=/"], "secret aws: / is no file that can be read"],
    ["a tag", ["build", "--tag", "a:b:c"], 'the tag of the image name "a:b:c" is "b:c"'],
    ["a tag with a digest", ["build", "--tag", `a@sha256:${"0".repeat(64)}`], "expected NAME[:TAG]"],
    ["a cache", ["publish", "--to", "a/b", "--cache-ref", "A B"], 'the image name "A B"'],
    ["a variant", ["render", "--variant", "b"], "it has a"],
  ])("refuses %s it does not know, with 2", async (_, args, message) => {
    await using tree = await folder(SECRET);
    const { code, stdout, stderr } = await runCli("--config", tree.config, ...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(message);
  });

  it.each([
    ["a missing definition", ["render", "--json", "--config", "/nowhere.ts"], "BASE_IMAGE_CONFIG_NOT_FOUND"],
    ["a verb", ["--json", "rendr"], "BASE_IMAGE_USAGE"],
    ["a flag", ["render", "--varient", "x", "--json"], "BASE_IMAGE_USAGE"],
    ["no verb", ["--json"], "BASE_IMAGE_USAGE"],
  ])("ends with the error and a summary with --json, for %s", async (_, args, code) => {
    const ran = await runCli(...args);
    expect(ran.code).toBe(2);
    const lines = ran.stdout.trimEnd().split("\n");
    expect(lines.map((line): unknown => JSON.parse(line))).toEqual([
      { type: "error", code, message: expect.stringMatching(/./), hint: expect.stringMatching(/./), exitCode: 2 },
      { type: "summary", exitCode: 2 },
    ]);
  });

  it("ends with the exit code of the signal that interrupted it", async () => {
    await using tree = await folder(GOOD);
    const ends = await Promise.all(
      ["SIGINT", "SIGTERM"].map(async (name) => {
        const stdout = new PassThrough();
        const signal = AbortSignal.abort(new DOMException(name, "AbortError"));
        const args = ["--json", "--config", tree.config, "render", "--variant", "absent"];
        const code = await runProgram(args, { stdout, stderr: new PassThrough().resume() }, signal);
        return [code, lastLine(await text(stdout.end()))["exitCode"]];
      }),
    );
    expect(ends).toEqual([
      [130, 130],
      [143, 143],
    ]);
  });

  it("ends a verification that fails with the error and what it found, with --json", async () => {
    await using tree = await folder(
      'export default defineImage({ name: "x", stages: [stage("a", "debian").label({ k: "v" })] });',
    );
    await using engine = await fakeEngine({ image: { Id: "sha256:1", Config: { Labels: { k: "w" } } } });
    const args = ["--conditions=source", MAIN, "--json", "--config", tree.config, "verify", "there:1"];
    const ran = await execa(process.execPath, args, { env: { DOCKER_HOST: engine.address }, reject: false });
    expect(ran.exitCode).toBe(1);
    expect(ran.stdout.split("\n").map((line): unknown => JSON.parse(line))).toEqual([
      expect.objectContaining({ type: "assertion", passed: false }),
      expect.objectContaining({ type: "error", code: "BASE_IMAGE_VERIFY_FAILED", exitCode: 1 }),
      { type: "summary", image: "there:1", passed: 0, failed: 1, exitCode: 1 },
    ]);
  });

  it.each(["init", "render", "check", "read", "explain", "build", "verify"])(
    "has the flags of every verb and an example in the help of %s, in 80 columns",
    async (verb) => {
      const { code, stdout } = await runCli(verb, "--help");
      expect(code).toBe(0);
      for (const flag of ["--config <file>", "--json", "--quiet"]) expect(stdout).toContain(`  ${flag}`);
      expect(stdout).not.toContain("(default: false)");
      expect(stdout).not.toContain("(default: [])");
      expect(stdout).toMatch(/Examples?:\n {2}base-image /);
      expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
    },
  );

  it("says what it can in 80 columns", async () => {
    const { stdout } = await runCli("--help");
    expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
  });

  it.each([
    ['stages: [stage("a", "debian:13")]', "x: 1 stage, no findings\n"],
    ['stages: [stage("a", "debian:13"), stage("a", "debian:13")]', "x: 2 stages, 1 finding\n"],
    ['stages: [stage("a", "x:1"), stage("a", "x:1"), stage("a", "x:1")]', "x: 3 stages, 2 findings\n"],
  ])("counts in words: %s", async (stages, words) => {
    await using tree = await folder(`export default defineImage({ name: "x", ${stages} });`);
    expect((await runCli("check", "--config", tree.config)).stdout).toContain(words);
  });

  it("runs as a program, from source", async () => {
    await using tree = await folder(TWINS);
    const ran = await execa(process.execPath, ["--conditions=source", MAIN, "--config", tree.config, "render"], {
      reject: false,
    });
    expect(ran).toMatchObject({ exitCode: 2, stdout: "" });
    expect(ran.stderr).toContain("[BASE_IMAGE_STAGE_DUPLICATE]");
  });
});

describe("the program", () => {
  it.each([
    ["a syntax error", 'const a = 1;\nconst b = "x\n', /image\.config\.ts:2: SyntaxError/],
    [
      "TypeScript that is more than types",
      "\n\nenum A { B }\nexport default A;\n",
      /image\.config\.ts:3: SyntaxError: TypeScript enum/,
    ],
  ])("says where %s is", async (_, definition, message) => {
    await using tree = await tempTree({ "image.config.ts": definition });
    const args = ["--conditions=source", MAIN, "--config", `${tree.path}/image.config.ts`, "render"];
    const ran = await execa(process.execPath, args, { reject: false });
    expect(ran.exitCode).toBe(2);
    expect(ran.stderr).toMatch(message);
  });

  it("has a code for a DOCKER_HOST that is no address", async () => {
    await using tree = await folder(GOOD);
    const args = ["--conditions=source", MAIN, "--config", tree.config, "build"];
    const ran = await execa(process.execPath, args, { env: { DOCKER_HOST: "tcp://[" }, reject: false });
    expect(ran.exitCode).toBe(1);
    expect(ran.stderr).toMatch(
      /no Docker engine answers at tcp:\/\/\[: DOCKER_HOST .*\[BASE_IMAGE_ENGINE_UNREACHABLE\]/s,
    );
  });

  it("ends when the engine refuses a build", async () => {
    await using tree = await folder(GOOD);
    await using engine = await fakeEngine({ build: { status: 500, body: '{"message":"disk full"}' } });
    const ran = await execa(process.execPath, ["--conditions=source", MAIN, "--config", tree.config, "build"], {
      env: { DOCKER_HOST: engine.address },
      reject: false,
      timeout: 100_000,
    });
    expect(ran).toMatchObject({ exitCode: 1, timedOut: false });
    expect(ran.stderr).toContain("disk full");
  });
});

describe("words for people", () => {
  it("hold nothing that moves a terminal's cursor", () => {
    expect(printable("\u001B[2Ja\u0007b\rc\u001B[31mred\u001B[0m\td\n")).toBe("abcred\td\n");
    expect(printable("\u001B]0;title\u0007x")).not.toContain("\u001B");
  });

  it("say what happened, what to do, and the code", () => {
    const error = new BaseImageError("BASE_IMAGE_USAGE", "what", { hint: "do" });
    expect(failureText(error)).toBe("base-image: what\n  do\n  [BASE_IMAGE_USAGE]\n");
  });
});
