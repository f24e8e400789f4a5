import { describe, expect, it } from "vitest";

import { digestOf, revision, Stage } from "./stage.ts";

const EXPIRED = { status: 400, type: "ExpiredTokenException", message: "The security token is expired" };

describe("run again", () => {
  it("a pipeline with new revisions waits for the migration that its first run began", async () => {
    await using stage = await Stage.open();
    await stage.prepare("v1", 7);
    stage.aws.tasks.script = { ...stage.aws.tasks.script, lastsMs: 1_200_000 };
    stage.aws.refuse = (operation, count) => (operation === "DescribeTasks" && count === 5 ? EXPIRED : undefined);
    expect(await stage.step("migrate")).toMatchObject({ code: "DEPLOY_CREDENTIALS" });

    await stage.prepare("v1", 8);
    expect(await stage.step("migrate")).toMatchObject({ exitCode: 0 });
    const [first, second] = stage.aws.tasks.rows;
    expect([first?.revision, second?.revision]).toEqual([revision("web", 7), revision("web", 8)]);
    expect(second?.since).toBeGreaterThanOrEqual((first?.since ?? 0) + 1_200_000);
  });

  it("a verification does not take an update for whole that ended half way", async () => {
    await using stage = await Stage.open();
    await stage.prepare("v1", 1);
    await stage.step("migrate");
    stage.aws.refuse = (operation, count) => (operation === "UpdateService" && count === 2 ? EXPIRED : undefined);
    expect(await stage.step("update")).toMatchObject({ code: "DEPLOY_CREDENTIALS" });
    stage.aws.refuse = () => undefined;
    expect(await stage.step("verify")).toMatchObject({ code: "DEPLOY_DRAFT_INCOMPLETE", exitCode: 2 });
    expect(await stage.step("mark")).toMatchObject({ code: "DEPLOY_DRAFT_INCOMPLETE", exitCode: 2 });
    expect(stage.markers()).toEqual([]);
  });

  it("a commit that was built again is marked beside its first image", async () => {
    await using stage = await Stage.open();
    await stage.release("v1", 1);
    const first = `proff-prod-app@${digestOf("app", "v1")}`;
    const second = `proff-prod-app@${digestOf("app", "v1 again")}`;
    stage.aws.images.get(first)?.delete("build-v1");
    stage.aws.images.set(second, new Set(["build-v1"]));
    await stage.step(
      "draft",
      "--environment",
      "prod",
      "--release",
      "v1",
      "--image",
      "app=r/proff-prod-app:build-v1",
      "--image",
      "pdf=r/proff-prod-pdf:build-v1",
    );
    await stage.step(
      "receipt",
      await stage.write("again.json", { format: "slipway-receipt/1", release: "v1", target: "s3://b" }),
    );
    for (const service of ["web", "worker", "pdf"]) await stage.step("revision", service, revision(service, 2));
    for (const verb of ["migrate", "update", "verify"]) await stage.step(verb);
    expect(await stage.step("mark")).toMatchObject({ exitCode: 0 });
    expect([...(stage.aws.images.get(second) ?? [])].at(-1)).toBe(
      `release-v1-${digestOf("app", "v1 again").slice(7, 19)}`,
    );
  });

  it("a mark makes the history readable after somebody else's version", async () => {
    await using stage = await Stage.open();
    await stage.release("v1", 1);
    stage.aws.parameters.push("by hand");
    expect(await stage.rollback()).toMatchObject({ code: "DEPLOY_MARKER_INVALID" });
    await stage.release("v2", 2);
    expect(await stage.rollback()).toMatchObject({ exitCode: 0 });
    await stage.deploy("releases", "--environment", "prod");
    expect(stage.printed.map((line) => line.split("  ")[1])).toEqual(["v1", "v2", "v1"]);
  });
});

describe("a rollback from a release that was never marked", () => {
  it("has to name where it goes, and that the schema may be newer", async () => {
    await using stage = await failedHalfWay();
    const updates = stage.aws.count("UpdateService");
    expect(await stage.rollback("--keep-schema")).toMatchObject({
      code: "DEPLOY_USAGE",
      exitCode: 2,
      message: expect.stringContaining("of no marked release: name where to go, as with --to v2"),
    });
    expect(await stage.rollback("--to", "v2")).toMatchObject({ code: "DEPLOY_SCHEMA_AHEAD", exitCode: 3 });
    expect(stage.aws.count("UpdateService")).toBe(updates);
  });

  it("goes to the newest marked one, and marks it no second time", async () => {
    await using stage = await failedHalfWay();
    expect(await stage.rollback("--to", "v2", "--keep-schema")).toMatchObject({ exitCode: 0 });
    expect(await stage.rollback("--to", "v2", "--keep-schema")).toMatchObject({ exitCode: 0 });
    const now = Object.values(stage.aws.services).map(
      (service) => service.describe() as { deployments: { taskDefinition: string }[] },
    );
    expect(now.map(({ deployments }) => deployments[0]?.taskDefinition)).toEqual(
      ["web", "worker", "pdf"].map((name) => revision(name, 2)),
    );
    expect(stage.markers().map(({ release }) => release)).toEqual(["v1", "v2"]);
  });
});

function setFate(stage: Stage, fate: "completes" | "fails"): void {
  const { web } = stage.aws.services;
  if (web !== undefined) web.fate = fate;
}

/** web is back at v2 by the circuit breaker, worker and pdf have v3. */
async function failedHalfWay(): Promise<Stage> {
  const stage = await Stage.open();
  for (const [index, release] of ["v1", "v2"].entries()) await stage.release(release, index + 1);
  await stage.prepare("v3", 3);
  await stage.step("migrate");
  setFate(stage, "fails");
  await stage.step("update");
  await stage.step("verify");
  setFate(stage, "completes");
  return stage;
}
