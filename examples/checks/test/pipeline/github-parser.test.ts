import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { checkByGithub } from "../../src/pipeline/github-parser.ts";

const ROOT = join(import.meta.dirname, "../../../..");
const WORKFLOWS = ["examples/github-actions", ".github/workflows"].flatMap((folder) =>
  readdirSync(join(ROOT, folder)).map((name) => `${folder}/${name}`),
);

describe("GitHub's own parser", () => {
  it.each(WORKFLOWS)("takes %s", async (file) => {
    expect(await checkByGithub(readFileSync(join(ROOT, file), "utf8"))).toEqual([]);
  });

  it.each([
    {
      mistake: "a context that is none",
      from: "${{ vars.AWS_REGION }}",
      to: "${{ var.AWS_REGION }}",
      says: "Unrecognized named-value: 'var'",
    },
    {
      mistake: "a context that is not there yet",
      from: "${{ github.ref_name == 'main' && 'prod' ||",
      to: "${{ runner.os == 'main' && 'prod' ||",
      says: "Unrecognized named-value: 'runner'",
    },
    { mistake: "a step that is not there", from: "steps.ecr.", to: "steps.ecrr.", says: "might be invalid: ecrr" },
    {
      mistake: "a variable that is not there",
      from: "proff-${{ env.ENVIRONMENT }}-ci-build",
      to: "proff-${{ env.ENVIRONMNT }}-ci-build",
      says: "might be invalid: ENVIRONMNT",
    },
    { mistake: "a property that is none", from: "github.run_id", to: "github.runid", says: "might be invalid: runid" },
    {
      mistake: "one equals sign",
      from: "ref_name == 'main'",
      to: "ref_name = 'main'",
      says: "Unexpected symbol: '='",
    },
    {
      mistake: "double quotation marks",
      from: "ref_name == 'main'",
      to: 'ref_name == "main"',
      says: "Unexpected symbol",
    },
    {
      mistake: "an expression without an end",
      from: "${{ vars.AWS_REGION }}",
      to: "${{ vars.AWS_REGION",
      says: "The expression is not closed",
    },
    {
      mistake: "a function that is none",
      from: "github.ref_name == 'main'",
      to: "startWith(github.ref_name, 'main')",
      says: "Unrecognized function: 'startWith'",
    },
    {
      mistake: "a function without its argument",
      from: "github.ref_name == 'main'",
      to: "startsWith(github.ref_name)",
      says: "Too few parameters supplied",
    },
    {
      mistake: "a misspelt key of the workflow",
      from: "concurrency:\n",
      to: "concurency:\n",
      says: "Unexpected value 'concurency'",
    },
    {
      mistake: "a misspelt key of a job",
      from: "timeout-minutes:",
      to: "timeout_minutes:",
      says: "Unexpected value 'timeout_minutes'",
    },
    { mistake: "a permission that is none", from: "id-token: write", to: "id-token: yes", says: "Unexpected value" },
    { mistake: "an event that is none", from: "  push:\n", to: "  pushed:\n", says: "Unexpected value 'pushed'" },
    {
      mistake: "a sixty-first minute",
      from: "on:\n",
      to: "on:\n  schedule:\n    - cron: 61 3 * * *\n",
      says: "Invalid cron expression",
    },
    { mistake: "a job that is not there", from: "needs: build", to: "needs: built", says: "unknown job 'built'" },
    { mistake: "jobs in a circle", from: "needs: test", to: "needs: deploy", says: "creates a cycle" },
    {
      mistake: "a job that runs nowhere",
      from: "    runs-on: ubuntu-24.04-arm\n",
      to: "",
      says: "Required property is missing: runs-on",
    },
    {
      mistake: "two steps of one name",
      from: "- id: pdf\n",
      to: "- id: app\n",
      says: "'app' may not be used more than once",
    },
    {
      mistake: "a step that does two things",
      from: "- name: Migrate\n",
      to: "- name: Migrate\n        uses: actions/checkout@v7\n",
      says: "Unexpected value 'run'",
    },
  ])("finds: $mistake", async ({ from, to, says }) => {
    const workflow = readFileSync(join(ROOT, "examples/github-actions/deploy.yml"), "utf8");
    expect(workflow).toContain(from);
    const found = await checkByGithub(workflow.replace(from, to));
    expect(found.map(({ message }) => message).join("\n")).toContain(says);
  });
});
