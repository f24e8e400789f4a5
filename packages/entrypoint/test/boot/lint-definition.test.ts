import { startProgram, tempTree } from "@slipway/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { DEFINITION_RULES } from "../../src/boot/definition-rules.ts";
import { lintDefinition } from "../../src/boot/lint-definition.ts";
import { buildProgram, type BuiltProgram } from "../bundle.ts";

let built: BuiltProgram;
beforeAll(async () => {
  built = await buildProgram();
});
afterAll(async () => built[Symbol.asyncDispose]());

const RUN = { task: "run", run: ["true"] };
const WAIT = { task: "wait-for", url: "${DATABASE_URL}" };
const MIGRATE = { task: "migrate", run: ["bin/rails", "db:migrate"], election: "${DATABASE_URL}" };

/** A rule, a definition with its trap, where that is, and one without it that is as near. */
const CASES: readonly (readonly [string, object, string, object])[] = [
  ["one-word-command", { tasks: [{ ...RUN, run: ["bin/rails db:seed"] }] }, "tasks[0].run", { tasks: [RUN] }],
  [
    "no-shell",
    { tasks: [], processes: { web: { run: ["rm", "-f", "tmp/pids/*"] } } },
    "processes.web.run",
    { tasks: [], processes: { web: { run: ["sh", "-c", "rm -f tmp/pids/* && exec puma -p $PORT"] } } },
  ],
  [
    "no-shell",
    { tasks: [{ ...RUN, run: ["puma", "-p", "$PORT"] }] },
    "tasks[0].run",
    { tasks: [{ ...RUN, run: ["puma", "-p", "${PORT}", "$${PORT}"] }] },
  ],
  [
    "plain-password",
    { tasks: [{ ...WAIT, url: "redis://:s3cret@cache/1" }] },
    "tasks[0].url",
    { tasks: [{ ...WAIT, url: "redis://:${PASSWORD}@cache/1" }] },
  ],
  [
    "file-election",
    { tasks: [{ ...MIGRATE, election: "file:///tmp/e" }] },
    "tasks[0].election",
    { tasks: [{ ...MIGRATE, election: "s3://bucket/e" }] },
  ],
  [
    "background-everywhere",
    { tasks: [{ ...RUN, background: true }] },
    "tasks[0]",
    { tasks: [{ ...RUN, background: true, election: "${DATABASE_URL}", name: "sitemap" }] },
  ],
  [
    "assets-after-migrate",
    { receipt: "r", tasks: [MIGRATE, { task: "verify-assets" }] },
    "tasks",
    { receipt: "r", tasks: [{ task: "verify-assets" }, MIGRATE] },
  ],
  ["budget-below-deadline", { budget: "1m", tasks: [RUN] }, "budget", { budget: "1m", tasks: [WAIT] }],
  [
    "grace-beyond-ecs",
    { grace: "30s", tasks: [], processes: { web: { run: ["puma"] } } },
    "grace",
    { grace: "29s", tasks: [], processes: { web: { run: ["puma"] } } },
  ],
];

describe.each(CASES)("%s", (id, trap, path, near) => {
  it("is found where it is, and not next to it", () => {
    const findings = lintDefinition(JSON.stringify(trap), {});
    expect(findings).toMatchObject([{ code: `definition/${id}`, path }]);
    expect(JSON.stringify(findings)).not.toContain("s3cret");
    expect(lintDefinition(JSON.stringify(near), {})).toEqual([]);
  });
});

it("has a case for every rule", () => {
  expect(new Set(CASES.map(([id]) => id))).toEqual(new Set(DEFINITION_RULES.map(({ id }) => id)));
});

describe("a definition", () => {
  it.each([
    ["{", "definition/syntax", "error"],
    ['{"taks": []}', "definition/invalid", "error"],
    ['{"tasks": [], "tasks": []}', "definition/invalid", "error"],
    ['{"tasks": [{"task": "migrat"}]}', "definition/invalid", "error"],
    [
      '{"tasks": [{"task": "wait-for", "url": "${DATABASE_URL}", "deadline": "${HOW_LONG}"}]}',
      "definition/variable-unset",
      "warning",
    ],
  ])("%s is a finding: %s", (text, code, severity) => {
    expect(lintDefinition(text, {})).toMatchObject([{ code, severity }]);
  });

  it("without tasks is fine, whatever is set where it is looked at", () => {
    expect(lintDefinition("{}", {})).toEqual([]);
    expect(lintDefinition("{}", { DATABASE_URL: "" })).toEqual([]);
    expect(lintDefinition('{"tasks": [{"task": "wait-for", "url": "tcp://${HOST}:80"}]}', {})).toEqual([]);
  });
});

async function lint(files: Readonly<Record<string, string>>, ...flags: readonly string[]) {
  await using folder = await tempTree(files);
  await using program = startProgram(process.execPath, [built.file, "lint", ...flags], { cwd: folder.path });
  const { code } = await program.ended;
  return { code, stdout: program.stdout(), stderr: program.stderr() };
}

describe("entrypoint lint", () => {
  it("looks at both files that are there", async () => {
    const files = { Dockerfile: 'ENTRYPOINT ["entrypoint", "run"]\nCMD sidekiq\n', "entrypoint.json": '{"taks": []}' };
    const { code, stdout } = await lint(files);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^Dockerfile:1: error: there is no -- at the end.*\n.*\[start\/missing-separator\]$/m);
    expect(stdout).toMatch(/^Dockerfile:1: warning: .*\n.*\[start\/no-init\]$/m);
    expect(stdout).toMatch(/^Dockerfile:2: warning: .*\n.*\[start\/shell-command\]$/m);
    expect(stdout).toContain("entrypoint.json: error: taks: there is no such key: did you mean tasks?");
    expect(stdout).toMatch(/^Dockerfile: 3 found\nentrypoint\.json: 1 found\n$/m);
  });

  it("tells findings as JSON, and warnings alone are no failure", async () => {
    const definition = JSON.stringify({ tasks: [{ ...RUN, background: true }] });
    const { code, stdout } = await lint({ "own.json": definition }, "--config", "own.json", "--json");
    const lines = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as object);
    expect(lines).toMatchObject([
      { type: "finding", file: "own.json", code: "definition/background-everywhere", path: "tasks[0]" },
      { type: "summary", findings: 1, errors: 0 },
    ]);
    expect(code).toBe(0);
  });

  it.each([
    ['ENTRYPOINT ["tini", "--", "entrypoint", "run", "--"]\nCMD ["puma"]\n', undefined],
    ['ENTRYPOINT ["/usr/bin/tini", "-g", "--", "/bin/entrypoint", "run", "--json", "--"]\n', undefined],
    ['ENTRYPOINT ["tini-static", "--", "entrypoint", "run"]\n', "start/missing-separator"],
    ["ENTRYPOINT exec entrypoint run -- puma\n", "start/shell-form"],
    ['ENTRYPOINT ["tini", "--", "entrypoint", "run", "--quiet"]\n', "start/missing-separator"],
    ['ENTRYPOINT ["tini", "--", "app/entrypoint.sh"]\nCMD puma\n', undefined],
  ])("of %j finds %s", async (text, code) => {
    const { stdout } = await lint({ Dockerfile: text });
    const found = [...stdout.matchAll(/\[(start\/[a-z-]+)\]/g)].map(([, name]) => name);
    expect(found).toEqual(code === undefined ? [] : [code]);
  });

  it("refuses a file that is not there with 2", async () => {
    const { code, stderr } = await lint({ Dockerfile: "FROM x\n" }, "--config", "none.json");
    expect(code).toBe(2);
    expect(stderr).toContain("[ENTRYPOINT_LINT_UNREADABLE]");
  });
});
