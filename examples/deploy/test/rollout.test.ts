import { describe, expect, it } from "vitest";

import { decideUpdate, judgeRollout, type Deployment, type Service } from "../src/decide/rollout.ts";

const EXPECTED = { id: "ours", revision: "web:2", before: "web:1" };

function service(...deployments: readonly Partial<Deployment>[]): Service {
  const row = {
    id: "ours",
    status: "PRIMARY",
    revision: "web:2",
    rollout: "IN_PROGRESS",
    reason: "",
    desired: 2,
    running: 0,
  };
  return {
    name: "web",
    desired: 2,
    events: [],
    deployments: deployments.map((deployment) => ({ ...row, ...deployment })),
  };
}

const OLD = { id: "old", status: "ACTIVE", revision: "web:1", rollout: "COMPLETED", running: 2 };

describe("a deployment is judged by its id", () => {
  it.each([
    { when: "tasks are starting", service: service({}, OLD), verdict: { kind: "waiting" } },
    { when: "old tasks are still draining", service: service({ running: 2 }, OLD), verdict: { kind: "waiting" } },
    {
      when: "it is complete with a task too few",
      service: service({ rollout: "COMPLETED", running: 1 }),
      verdict: { kind: "waiting" },
    },
    { when: "it is complete", service: service({ rollout: "COMPLETED", running: 2 }), verdict: { kind: "complete" } },
    {
      when: "the breaker has ended it and nothing is in its place yet",
      service: service({ rollout: "FAILED" }, OLD),
      verdict: { kind: "failed", code: "DEPLOY_ROLLED_BACK" },
    },
    {
      when: "it drains as failed behind the rollback",
      service: service({ id: "back", revision: "web:1" }, { status: "ACTIVE", rollout: "FAILED" }),
      verdict: { kind: "failed", code: "DEPLOY_ROLLED_BACK" },
    },
    {
      when: "it is gone and the service is as stable as before",
      service: service({ ...OLD, id: "back", status: "PRIMARY" }),
      verdict: { kind: "failed", code: "DEPLOY_ROLLED_BACK" },
    },
    {
      when: "an alarm has rolled it back to a revision nobody remembers",
      service: service({ id: "back", revision: "web:0", reason: "rollback of deployment ours: alarm" }),
      verdict: { kind: "failed", code: "DEPLOY_ROLLED_BACK" },
    },
    {
      when: "somebody else deploys over it",
      service: service({ id: "theirs", revision: "web:3" }, { status: "ACTIVE" }),
      verdict: { kind: "failed", code: "DEPLOY_REPLACED" },
    },
    {
      when: "somebody else deploys the same revision again",
      service: service({ id: "theirs" }, { status: "ACTIVE" }),
      verdict: { kind: "failed", code: "DEPLOY_REPLACED" },
    },
    {
      when: "it failed and somebody else has deployed since",
      service: service({ id: "theirs", revision: "web:3" }, { status: "ACTIVE", rollout: "FAILED" }),
      verdict: { kind: "failed", code: "DEPLOY_REPLACED" },
    },
    { when: "the service has none", service: service(), verdict: { kind: "waiting" } },
  ])("when $when", ({ service: found, verdict }) => {
    expect(judgeRollout(EXPECTED, found)).toMatchObject(verdict);
  });
});

describe("a service is updated", () => {
  it.each([
    {
      when: "it runs another revision",
      service: service({ ...OLD, status: "PRIMARY" }),
      step: { kind: "update", before: "web:1", again: false },
    },
    {
      when: "it has no task yet",
      service: { ...service({ ...OLD, status: "PRIMARY", running: 0 }), desired: 0 },
      step: { kind: "update", desired: 1 },
    },
    { when: "its revision has failed", service: service({ rollout: "FAILED" }), step: { kind: "update", again: true } },
  ])("when $when", ({ service: found, step }) => {
    expect(decideUpdate("web:2", found)).toMatchObject(step);
  });

  it("not when an interrupted run has done it", () => {
    expect(decideUpdate("web:2", service({}, OLD))).toEqual({ kind: "adopt", expected: EXPECTED });
    expect(decideUpdate("web:2", service({ id: "theirs" }, { status: "ACTIVE" }), EXPECTED)).toEqual({
      kind: "adopt",
      expected: EXPECTED,
    });
  });
});
