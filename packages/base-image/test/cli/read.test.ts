import { tempTree } from "@slipway/testkit";
import { execa } from "execa";
import { describe, expect, it } from "vitest";

import { runCli, type Ran } from "./run-cli.ts";

const MAIN = new URL("../../src/cli/main.ts", import.meta.url).pathname;

const WRONG = `# a banner
ARG VARIANT=slim
FROM ruby:3.4-$VARIANT AS base
WORKDIR /app

FROM base
RUN curl -f https://example.com/a:b,c | sort > list
CMD bin/rails server
`;

async function read(dockerfile: string, ...args: readonly string[]): Promise<Ran> {
  await using tree = await tempTree({ "my app/Dockerfile": dockerfile });
  const before = process.cwd();
  process.chdir(tree.path);
  try {
    return await runCli("read", "my app/Dockerfile", ...args);
  } finally {
    process.chdir(before);
  }
}

function jsonLines(stdout: string): readonly Record<string, unknown>[] {
  return stdout
    .trim()
    .split("\n")
    .map((line): Record<string, unknown> => JSON.parse(line));
}

describe("base-image read", () => {
  it("prints the instructions with their lines, and what is wrong with the line and a mark below the place", async () => {
    const { code, stdout } = await read(WRONG);
    expect(code).toBe(0);
    expect(stdout).toContain("   2  ARG VARIANT=slim\n   3  FROM ruby:3.4-$VARIANT AS base\n   4    WORKDIR /app\n");
    expect(stdout).toContain(
      [
        "my app/Dockerfile:7:5 warning sort succeeds when curl fails [pipe-hides-failure]",
        "  7 | RUN curl -f https://example.com/a:b,c | sort > list",
        "    |     ^",
        "  Put SHELL",
      ].join("\n"),
    );
    expect(stdout).toMatch(/my app\/Dockerfile: 2 stages, \d findings\n$/);
  });

  it("ends JSON with the summary that was promised", async () => {
    const { code, stdout } = await read(WRONG, "--json");
    expect(code).toBe(0);
    const lines = jsonLines(stdout);
    const summary = lines.at(-1);
    expect(Object.keys(summary ?? {})).toEqual(["type", "stages", "findings"]);
    expect(summary).toMatchObject({
      type: "summary",
      stages: [
        { name: "base", base: "ruby:3.4-$VARIANT", line: 3, instructions: ["WORKDIR"] },
        { name: "1", base: "base", line: 6, instructions: ["RUN", "CMD"] },
      ],
    });
    const finding = lines.find(({ type }) => type === "finding");
    expect(finding).toMatchObject({ code: "pipe-hides-failure", line: 7, column: 5, also: ["DL4006"] });
    expect((await read(WRONG, "--format", "json")).stdout).toBe(stdout);
  });

  it("says the same findings in every format", async () => {
    const expected = jsonLines((await read(WRONG, "--json")).stdout).filter(({ type }) => type === "finding");
    const github = (await read(WRONG, "--format", "github")).stdout.trim().split("\n");
    expect(github).toHaveLength(expected.length);
    const sarif: { readonly runs: readonly [{ readonly results: readonly { readonly ruleId: string }[] }] } =
      JSON.parse((await read(WRONG, "--format", "sarif")).stdout);
    expect(sarif.runs[0].results.map(({ ruleId }) => ruleId)).toEqual(expected.map(({ code }) => code));
  });

  it("ends with 1 when BuildKit would refuse the file, and says where", async () => {
    const { code, stdout } = await read("FROM debian:13\nCOYP a b\n");
    expect(code).toBe(1);
    expect(stdout).toContain("my app/Dockerfile:2:1 error ");
    expect(stdout).toContain("[unknown-instruction]");
  });

  it.each([
    ["a format", ["--format", "xml"], "Allowed choices are text, json, github, sarif"],
    ["two formats", ["--json", "--format", "sarif"], "expected one of them"],
    ["a stage", ["--target", "bse"], "it has base"],
    ["a flag", ["--pedantik"], "Did you mean --pedantic?"],
  ])("refuses %s it does not have, with 2", async (_, args, message) => {
    const { code, stderr } = await read(WRONG, ...args);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });

  it("takes another stage than the last for what is built", async () => {
    const text = 'FROM ruby:3.4-slim-trixie AS app\nCMD ["irb"]\nFROM app AS test\nUSER 1000\n';
    expect((await read(text)).stdout).not.toContain("final-user-missing");
    expect((await read(text, "--target", "app")).stdout).toContain("final-user-missing");
  });

  it("asks more with --pedantic", async () => {
    const text = "FROM debian:13\nUSER 1000\n";
    expect((await read(text)).stdout).toContain("no findings");
    expect((await read(text, "--pedantic")).stdout).toContain("[base-without-digest]");
  });

  it("reads the standard input", async () => {
    const args = ["--conditions=source", MAIN, "read", "-", "--format", "github"];
    const ran = await execa(process.execPath, args, { input: "FROM debian\n" });
    expect(ran.stdout).toMatch(/^::warning file=stdin,line=1,col=6,title=base-untagged::/);
  });

  it("never shows the line of a secret", async () => {
    const { stdout } = await read("FROM debian:13\nENV DB_PASSWORD=hunter2\n", "--format", "text");
    expect(stdout).toContain("   2    ENV …\n");
    expect(stdout).not.toContain("hunter2");
  });
});
