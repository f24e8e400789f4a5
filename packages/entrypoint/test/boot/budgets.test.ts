import { describe, expect, it } from "vitest";

import { budgetsOf } from "../../src/boot/budgets.ts";
import { readDefinition } from "../../src/boot/definition.ts";
import { ECS_LIMITS } from "../../src/boot/ecs-limits.ts";
import { planStart } from "../../src/boot/plan.ts";
import { planHandOver } from "../../src/process/plan-hand-over.ts";

const APP = planHandOver(["puma"], { pid: 7, tiniInPath: true, exitCodes: new Map() });

function budgets(value: object, secretsMs?: number) {
  const definition = readDefinition(value, {});
  const { processes } = definition;
  const last =
    processes === undefined ? APP : ({ via: "supervision", processes, exitCodes: {}, init: "not-needed" } as const);
  const parts = { release: undefined, mode: "web", tasksFrom: "definition" } as const;
  return Object.fromEntries(
    budgetsOf(planStart(definition, parts, last), secretsMs).map((budget) => [budget.limit, budget]),
  );
}

function waits(...deadlines: readonly string[]): object {
  return { tasks: deadlines.map((deadline) => ({ task: "wait-for", url: "tcp://db:1", deadline })) };
}

describe("the time until the app begins", () => {
  it("is what all tasks may take that hold it up, and at most the budget", () => {
    const beside = { task: "run", run: ["true"], background: true };
    expect(budgets(waits("10s", "20s"))["startPeriod"]).toMatchObject({ needSeconds: 30, fits: true });
    expect(budgets({ tasks: [beside] })["startPeriod"]).toBeUndefined();
    expect(budgets({ ...waits("40s", "50s"), waitDeadline: "60s" })["startPeriod"]).toMatchObject({ needSeconds: 60 });
    expect(budgets({ ...waits("10s", "20s"), waitDeadline: "60s" })["startPeriod"]).toMatchObject({ needSeconds: 30 });
    expect(budgets({ ...waits("10m"), budget: "90s" })["startPeriod"]).toMatchObject({ needSeconds: 90, fits: true });
  });

  it("counts the secrets, which are read before all tasks and within the budget", () => {
    expect(budgets({ tasks: [] }, 20_000)["startPeriod"]).toMatchObject({ needSeconds: 20 });
    expect(budgets(waits("10s"), 20_000)["startPeriod"]).toMatchObject({ needSeconds: 30 });
    expect(budgets({ ...waits("10m"), budget: "90s" }, 60_000)["startPeriod"]).toMatchObject({ needSeconds: 90 });
    expect(budgets({ ...waits("10m"), budget: "30s" }, 60_000)["startPeriod"]).toMatchObject({ needSeconds: 60 });
  });

  it.each([
    ["300s", true, "a startPeriod of the health check from 300, or a healthCheckGracePeriodSeconds"],
    ["301s", false, "a healthCheckGracePeriodSeconds of the service from 301"],
  ])("of %s fits a startPeriod: %s", (deadline, fits, advice) => {
    const { startPeriod } = budgets(waits(deadline));
    expect(startPeriod).toMatchObject({ fits, mostSeconds: 300, source: ECS_LIMITS.startPeriod.source });
    expect(startPeriod?.advice.startsWith(advice)).toBe(true);
  });

  it.each([
    ["120s", true, "a startTimeout from 120"],
    ["121s", false, "may give up before"],
  ])("of %s fits a startTimeout: %s", (deadline, fits, advice) => {
    const { startTimeout } = budgets(waits(deadline));
    expect(startTimeout?.fits).toBe(fits);
    expect(startTimeout?.advice).toContain(advice);
  });
});

describe("the time from TERM to KILL", () => {
  it.each([
    ["8s", true, "the default of 30 is enough"],
    ["30s", true, "a stopTimeout of more than 30"],
    ["119s", true, "a stopTimeout of more than 119"],
    ["120s", false, "Fargate kills before"],
  ])("of processes with a grace of %s fits: %s", (grace, fits, advice) => {
    const { stopTimeout } = budgets({ tasks: [], grace, processes: { web: { run: ["puma"] } } });
    expect(stopTimeout?.fits).toBe(fits);
    expect(stopTimeout?.advice).toContain(advice);
  });
});
