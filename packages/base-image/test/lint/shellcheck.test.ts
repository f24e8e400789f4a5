import { execa } from "execa";
import { beforeAll, describe, expect, it } from "vitest";

import { lint } from "../../src/lint/lint.ts";
import { findShellCheck, type ShellCheck, type ShellScript } from "../../src/lint/shellcheck.ts";

const isInstalled = await execa("shellcheck", ["--version"], { reject: false }).then(({ exitCode }) => exitCode === 0);

const FILE = `FROM debian:trixie-slim
ENV LIST=1
RUN true && \\
    # a comment between
    echo 'é😀' $LIST && \\
    [[ -f x ]]
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
RUN [[ -f x ]]
SHELL ["pwsh"]
RUN Get-Process | Stop-Process
SHELL ["/bin/sh", "-c"]
RUN ["echo", "$x"]
RUN <<EOF
set -e
\trm $LIST
EOF

`;

/** What a stand-in is given. */
async function scriptsOf(text: string): Promise<readonly ShellScript[]> {
  let given: readonly ShellScript[] = [];
  await lint(text, {
    shellcheck: async (scripts) => {
      given = scripts;
      return [];
    },
  });
  return given;
}

/** Points at the first `$` of the first script. */
const dollars: ShellCheck = async ([script]) => {
  const column = Array.from(script?.text ?? "").indexOf("$") + 1;
  return [{ script: 0, code: 2086, level: "info", line: 1, column, message: "quote" }];
};

/** Points at the second place of the fourth line of the first script. */
const inBody: ShellCheck = async () => [{ script: 0, code: 2086, level: "info", line: 4, column: 2, message: "quote" }];

describe("the text of RUN for ShellCheck", () => {
  it("is that of the shell that runs it, without what is no shell's", async () => {
    const scripts = await scriptsOf(FILE);
    expect(scripts.map(({ dialect }) => dialect)).toEqual(["dash", "bash", "sh"]);
    expect(scripts[0]?.text.replaceAll(/ +/g, " ")).toBe("true && echo 'é😀' $LIST && [[ -f x ]]");
    expect(scripts[0]?.variables).toEqual(["LIST"]);
  });

  it("has the bodies that a command's markers name, each where it stands", async () => {
    const file = 'FROM debian:trixie-slim\nRUN cat <<A > /a && cat <<-"B" > /b\none\nA\n\t$two\n\tB\n';
    const [script] = await scriptsOf(file);
    expect(script?.text).toBe('cat <<A > /a && cat <<-"B" > /b\none\nA\n\t$two\nB\n');
    const { findings } = await lint(file, { shellcheck: inBody });
    expect(findings).toContainEqual(expect.objectContaining({ code: "SC2086", line: 5, column: 2 }));
  });

  it("is told where it stands in the file, and can be ignored with a reason", async () => {
    const { findings } = await lint(FILE, { shellcheck: dollars });
    expect(findings.filter(({ code }) => code === "SC2086")).toEqual([
      expect.objectContaining({ severity: "info", kind: "lint", line: 5, column: "    echo 'é😀' ".length + 1 }),
    ]);
    const ignored = FILE.replace("RUN true", "# base-image: ignore=SC2086 it is one word\nRUN true");
    expect(await lint(ignored, { shellcheck: dollars })).toMatchObject({ suppressed: 1 });
    expect((await lint(ignored)).findings.map(({ code }) => code)).not.toContain("ignore-unused");
  });
});

describe.skipIf(!isInstalled)("ShellCheck itself (skipped where it is not installed)", () => {
  let shellcheck: ShellCheck | undefined;

  beforeAll(async () => {
    shellcheck = await findShellCheck();
  });

  it("looks at every RUN in one go, and its findings stand where they belong", async () => {
    const { findings } = await lint(FILE, { shellcheck });
    const found = findings.filter(({ code }) => code.startsWith("SC"));
    expect(found.map(({ code, line, column }) => `${code} ${line}:${column}`)).toEqual([
      `SC2086 5:${"    echo 'é😀' ".length + 1}`,
      "SC3010 6:5",
      "SC2086 15:5",
    ]);
  });

  const script: ShellScript = { dialect: "sh", text: "rm $LIST", variables: [] };

  it("is given no more text than it can take, which is said once", async () => {
    const said: string[] = [];
    const limited = await findShellCheck(undefined, (text) => said.push(text), { time: 60_000, size: 20 });
    const comments = await limited?.([script, script, script, script]);
    expect(new Set(comments?.map((comment) => comment.script))).toEqual(new Set([0, 1]));
    expect(said).toEqual([expect.stringContaining("2 of 4 RUNs")]);
  });

  it("is ended when it takes too long, which is said once", async () => {
    const said: string[] = [];
    const limited = await findShellCheck(undefined, (text) => said.push(text), { time: 1, size: 10_000_000 });
    expect(await limited?.([{ ...script, text: "rm $LIST\n".repeat(20_000) }])).toBeUndefined();
    expect(said).toEqual([expect.stringContaining("ended after")]);
  });

  it("ends when the program is to end", async () => {
    const ending = new AbortController();
    const endless = await findShellCheck(ending.signal);
    const checked = endless?.([{ ...script, text: "rm $LIST\n".repeat(20_000) }]);
    ending.abort();
    await expect(checked).rejects.toThrow(/abort/i);
  });
});

describe("without ShellCheck", () => {
  it("there is nothing to run", async () => {
    const path = process.env["PATH"];
    process.env["PATH"] = "/nowhere";
    try {
      expect(await findShellCheck()).toBeUndefined();
    } finally {
      process.env["PATH"] = path;
    }
  });
});
