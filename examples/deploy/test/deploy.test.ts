import { describe, expect, it } from "vitest";

import { digestOf, revision, Stage } from "./stage.ts";

const OLD = "20260401090000";
const NEW = "20260415090000";

function migratesTo(stage: Stage, version: string): void {
  stage.aws.tasks.script = {
    lastsMs: 10_000,
    exitCode: 0,
    lines: ["migrating", `Current version: ${version}`],
    logDelayMs: 0,
  };
}

describe("a release", () => {
  it("is migrated once, deployed, verified by id and marked", async () => {
    await using stage = await Stage.open();
    await stage.release("v1", 7);

    const [task] = stage.aws.tasks.rows;
    expect(stage.aws.tasks.rows).toHaveLength(1);
    expect(task?.revision).toBe(revision("web", 7));
    expect(task?.command).toEqual(["bin/rails", "db:abort_if_pending_migrations", "db:version"]);
    expect(stage.aws.requests.lastIndexOf("DescribeTasks")).toBeLessThan(stage.aws.requests.indexOf("UpdateService"));
    expect(stage.said).toContain(`migrate | Current version: ${NEW}`);
    expect(stage.markers()).toEqual([
      {
        format: "slipway-release/1",
        release: "v1",
        at: expect.stringMatching(/^2026-11-28T/),
        images: {
          app: `123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/proff-prod-app@${digestOf("app", "v1")}`,
          pdf: `123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/proff-prod-pdf@${digestOf("pdf", "v1")}`,
        },
        receipt: {
          release: "v1",
          target: "s3://proff-prod-assets",
          region: "ap-northeast-1",
          digest: expect.stringMatching(/^[0-9a-f]{64}$/),
        },
        revisions: { web: revision("web", 7), worker: revision("worker", 7), pdf: revision("pdf", 7) },
        schema: NEW,
      },
    ]);
    expect([...(stage.aws.images.get(`proff-prod-app@${digestOf("app", "v1")}`) ?? [])]).toEqual([
      "build-v1",
      `release-v1-${digestOf("app", "v1").slice(7, 19)}`,
    ]);
    expect(await stage.assetCalls()).toEqual(["pin v1 --to s3://proff-prod-assets --region ap-northeast-1"]);
    expect(stage.aws.parameters[0]?.length).toBeLessThan(4096);
  });

  it("brings a first task to services that Terraform made with none", async () => {
    await using stage = await Stage.open();
    await stage.release("v1", 1);
    expect(Object.values(stage.aws.services).map(({ desired }) => desired)).toEqual([1, 1, 1]);
  });

  it("leaves the count to autoscaling afterwards", async () => {
    await using stage = await Stage.open();
    await stage.release("v1", 1);
    for (const service of Object.values(stage.aws.services)) service.desired = 5;
    await stage.release("v2", 2);
    expect(Object.values(stage.aws.services).map(({ desired }) => desired)).toEqual([5, 5, 5]);
  });

  it("marks once, however often it is asked to", async () => {
    await using stage = await Stage.open();
    await stage.release("v1", 1);
    expect(await stage.step("mark")).toMatchObject({ exitCode: 0 });
    expect(stage.markers()).toHaveLength(1);
  });

  it("prints its images by digest", async () => {
    await using stage = await Stage.open();
    await stage.prepare("v1", 1);
    await stage.step("image", "pdf");
    expect(stage.printed).toEqual([
      `123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/proff-prod-pdf@${digestOf("pdf", "v1")}`,
    ]);
  });
});

describe("a migration", () => {
  it("that fails ends the release before any service is touched", async () => {
    await using stage = await Stage.open();
    await stage.prepare("v1", 1);
    stage.aws.tasks.script = { lastsMs: 5000, exitCode: 1, lines: ["PG::UndefinedTable"], logDelayMs: 0 };
    expect(await stage.step("migrate")).toMatchObject({ code: "DEPLOY_MIGRATION_FAILED", exitCode: 1 });
    expect(stage.said).toContain("migrate | PG::UndefinedTable");
    expect(await stage.step("update")).toMatchObject({ code: "DEPLOY_DRAFT_INCOMPLETE", exitCode: 2 });
    expect(stage.aws.count("UpdateService")).toBe(0);
  });

  it("is tried again as a new task after it failed", async () => {
    await using stage = await Stage.open();
    await stage.prepare("v1", 1);
    stage.aws.tasks.script = { lastsMs: 5000, exitCode: 1, lines: ["no"], logDelayMs: 0 };
    await stage.step("migrate");
    migratesTo(stage, NEW);
    expect(await stage.step("migrate")).toMatchObject({ exitCode: 0 });
    expect(stage.aws.tasks.rows).toHaveLength(2);
  });

  it("may take twenty minutes and more, and is heard all the time", async () => {
    await using stage = await Stage.open();
    await stage.prepare("v1", 1);
    const lines = [...Array.from({ length: 20 }, (_, index) => `row ${index}`), `Current version: ${NEW}`];
    stage.aws.tasks.script = { lastsMs: 20 * 60_000, exitCode: 0, lines, logDelayMs: 0 };
    const before = stage.clock.now();
    expect(await stage.step("migrate")).toMatchObject({ exitCode: 0 });
    expect(stage.clock.now() - before).toBeGreaterThanOrEqual(20 * 60_000);
    expect(stage.said.filter((line) => line.startsWith("migrate | "))).toEqual(
      lines.map((line) => `migrate | ${line}`),
    );
  });

  it("whose last line comes late is waited for", async () => {
    await using stage = await Stage.open();
    await stage.prepare("v1", 1);
    stage.aws.tasks.script = { ...stage.aws.tasks.script, logDelayMs: 40_000 };
    expect(await stage.step("migrate")).toMatchObject({ exitCode: 0 });
    expect((await stage.draft()).schema).toBe(NEW);
  });

  it("that names no version ends the release", async () => {
    await using stage = await Stage.open();
    await stage.prepare("v1", 1);
    stage.aws.tasks.script = { ...stage.aws.tasks.script, lines: ["done"] };
    expect(await stage.step("migrate")).toMatchObject({ code: "DEPLOY_SCHEMA_UNKNOWN", exitCode: 1 });
  });

  it("whose container never ran says why", async () => {
    await using stage = await Stage.open();
    await stage.prepare("v1", 1);
    stage.aws.tasks.script = {
      lastsMs: 5000,
      reason: "CannotPullContainerError: manifest unknown",
      lines: [],
      logDelayMs: 0,
    };
    const ended = await stage.step("migrate");
    expect(ended.code).toBe("DEPLOY_TASK_NOT_STARTED");
    expect(ended.message).toContain("CannotPullContainerError");
  });

  it("is gone on with after the pipeline was killed in it", async () => {
    await using stage = await Stage.open();
    await stage.prepare("v1", 1);
    stage.aws.tasks.script = { ...stage.aws.tasks.script, lastsMs: 120_000 };
    killAfter(stage, 3);
    await expect(stage.step("migrate")).rejects.toThrow("killed");
    stage.clock.onSleep = () => {};
    expect(await stage.step("migrate")).toMatchObject({ exitCode: 0 });
    expect(stage.aws.tasks.rows).toHaveLength(1);
  });

  it("that ended while nobody looked is not run again", async () => {
    await using stage = await Stage.open();
    await stage.prepare("v1", 1);
    killAfter(stage, 1);
    await expect(stage.step("migrate")).rejects.toThrow("killed");
    stage.clock.onSleep = () => {};
    await stage.clock.sleep(600_000);
    expect(await stage.step("migrate")).toMatchObject({ exitCode: 0 });
    expect(stage.aws.tasks.rows).toHaveLength(1);
  });
});

describe("a deployment", () => {
  it("that the circuit breaker rolls back is a failure", async () => {
    await using stage = await Stage.open();
    await stage.release("v1", 1);
    await stage.prepare("v2", 2);
    if (stage.aws.services["web"] !== undefined) stage.aws.services["web"].fate = "fails";
    await stage.step("migrate");
    await stage.step("update");
    const ended = await stage.step("verify");
    expect(ended).toMatchObject({ code: "DEPLOY_ROLLED_BACK", exitCode: 1 });
    expect(ended.message).toContain("proff-prod-web:1");
    expect(stage.said.some((line) => line.startsWith("web | ") && line.includes("rolling back"))).toBe(true);
    expect(await stage.step("mark")).toMatchObject({ code: "DEPLOY_DRAFT_INCOMPLETE" });
    expect(stage.markers().map(({ release }) => release)).toEqual(["v1"]);
  });

  it("that is the first and fails says that there is nothing to go back to", async () => {
    await using stage = await Stage.open();
    await stage.prepare("v1", 1);
    if (stage.aws.services["pdf"] !== undefined) stage.aws.services["pdf"].fate = "fails";
    await stage.step("migrate");
    await stage.step("update");
    expect(await stage.step("verify")).toMatchObject({ code: "DEPLOY_FIRST_FAILED", exitCode: 1 });
  });

  it("that failed is made again when the update is run again", async () => {
    await using stage = await Stage.open();
    await stage.prepare("v1", 1);
    const web = stage.aws.services["web"];
    if (web !== undefined) web.fate = "fails";
    for (const verb of ["migrate", "update"]) await stage.step(verb);
    expect(await stage.step("verify")).toMatchObject({ code: "DEPLOY_FIRST_FAILED" });
    if (web !== undefined) web.fate = "completes";
    expect(await stage.step("update")).toMatchObject({ exitCode: 0 });
    expect(await stage.step("verify")).toMatchObject({ exitCode: 0 });
    expect(stage.aws.count("UpdateService")).toBe(4);
  });

  it("in whose place somebody else puts another is a failure", async () => {
    await using stage = await Stage.open();
    await stage.release("v1", 1);
    await stage.prepare("v2", 2);
    if (stage.aws.services["worker"] !== undefined) stage.aws.services["worker"].fate = "is replaced";
    await stage.step("migrate");
    await stage.step("update");
    const ended = await stage.step("verify");
    expect(ended).toMatchObject({ code: "DEPLOY_REPLACED", exitCode: 1 });
    expect(ended.message).toContain("somebody-elses:1");
  });

  it("that takes too long can be verified again", async () => {
    await using stage = await Stage.open();
    await stage.prepare("v1", 1);
    await stage.step("migrate");
    await stage.step("update");
    expect(await stage.step("verify", "--deadline", "1")).toMatchObject({ code: "DEPLOY_TIMEOUT", exitCode: 1 });
    expect(await stage.step("verify")).toMatchObject({ exitCode: 0 });
  });

  it("is gone on with after the pipeline was killed between two services, without its file", async () => {
    await using stage = await Stage.open();
    await stage.release("v1", 1);
    await stage.prepare("v2", 2);
    await stage.step("migrate");
    const before = stage.aws.count("UpdateService");
    stage.aws.refuse = (operation) =>
      operation === "UpdateService" && stage.aws.count("UpdateService") > before + 1
        ? { status: 400, type: "InvalidParameterException", message: "as if killed" }
        : undefined;
    expect(await stage.step("update")).toMatchObject({ code: "DEPLOY_AWS_FAILED" });
    stage.aws.refuse = () => undefined;
    await stage.prepare("v2", 2);
    await stage.step("migrate");
    expect(await stage.step("update")).toMatchObject({ exitCode: 0 });
    expect(stage.aws.count("UpdateService")).toBe(before + 4);
    expect(await stage.step("verify")).toMatchObject({ exitCode: 0 });
  });
});

describe("AWS", () => {
  it("may throttle", async () => {
    await using stage = await Stage.open();
    stage.aws.refuse = (_, count) =>
      count === 1 ? { status: 400, type: "ThrottlingException", message: "Rate exceeded" } : undefined;
    await stage.release("v1", 1);
    expect(stage.markers()).toHaveLength(1);
  });

  it("whose credentials have expired in a migration is asked again later", async () => {
    await using stage = await Stage.open();
    await stage.prepare("v1", 1);
    stage.aws.tasks.script = { ...stage.aws.tasks.script, lastsMs: 120_000 };
    stage.aws.refuse = (operation, count) =>
      operation === "DescribeTasks" && count === 5
        ? { status: 400, type: "ExpiredTokenException", message: "The security token is expired" }
        : undefined;
    expect(await stage.step("migrate")).toMatchObject({ code: "DEPLOY_CREDENTIALS", exitCode: 1 });
    stage.aws.refuse = () => undefined;
    expect(await stage.step("migrate")).toMatchObject({ exitCode: 0 });
    expect(stage.aws.tasks.rows).toHaveLength(1);
  });

  it("that has no room for the task says so", async () => {
    await using stage = await Stage.open();
    await stage.prepare("v1", 1);
    stage.aws.refuse = (operation) =>
      operation === "RunTask"
        ? { status: 400, type: "ClusterNotFoundException", message: "Cluster not found." }
        : undefined;
    expect(await stage.step("migrate")).toMatchObject({
      code: "DEPLOY_AWS_FAILED",
      message: expect.stringContaining("ecs:RunTask: Cluster not found."),
    });
  });
});

describe("a rollback", () => {
  it("brings back the marked release: its assets from its image first, then its revisions, and marks it", async () => {
    await using stage = await Stage.open();
    await twoReleases(stage, OLD);
    const updates = stage.aws.count("UpdateService");
    expect(await stage.rollback()).toMatchObject({ exitCode: 0 });

    expect(stage.aws.count("UpdateService")).toBe(updates + 3);
    expect((await stage.assetCalls()).slice(2)).toEqual([
      `push --from-image 123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/proff-prod-app@${digestOf("app", "v1")} --release v1 --to s3://proff-prod-assets --region ap-northeast-1`,
      "pin v1 --to s3://proff-prod-assets --region ap-northeast-1",
    ]);
    expect(stage.aws.tasks.rows).toHaveLength(2);
    expect(stage.markers().at(-1)).toMatchObject({
      release: "v1",
      schema: OLD,
      rolledBackFrom: "v2",
      revisions: { web: revision("web", 1) },
    });
  });

  it("does not go where it came from when it is asked for once more", async () => {
    await using stage = await Stage.open();
    migratesTo(stage, OLD);
    for (const [index, release] of ["v1", "v2", "v3"].entries()) await stage.release(release, index + 1);
    await stage.rollback();
    await stage.rollback();
    expect(stage.markers().map(({ release }) => release)).toEqual(["v1", "v2", "v3", "v2", "v1"]);
    expect(await stage.rollback()).toMatchObject({ code: "DEPLOY_MARKER_MISSING", exitCode: 2 });
    expect(await stage.rollback("--to", "v3")).toMatchObject({ exitCode: 0 });
  });

  it("over a migration has to be meant, and never migrates", async () => {
    await using stage = await Stage.open();
    await twoReleases(stage, NEW);
    expect(await stage.rollback()).toMatchObject({ code: "DEPLOY_SCHEMA_AHEAD", exitCode: 3 });
    expect(await stage.rollback("--keep-schema")).toMatchObject({ exitCode: 0 });
    expect(stage.markers().at(-1)).toMatchObject({ release: "v1", schema: NEW });
  });

  it.each([
    {
      gone: "an image",
      code: "DEPLOY_IMAGE_MISSING",
      break: (stage: Stage) => stage.aws.images.delete(`proff-prod-app@${digestOf("app", "v1")}`),
    },
    {
      gone: "a revision",
      code: "DEPLOY_REVISION_GONE",
      break: (stage: Stage) => stage.aws.inactive.add(revision("pdf", 1)),
    },
  ])("touches nothing when $gone is gone", async ({ code, break: damage }) => {
    await using stage = await Stage.open();
    await twoReleases(stage, OLD);
    damage(stage);
    const updates = stage.aws.count("UpdateService");
    expect(await stage.rollback()).toMatchObject({ code, exitCode: 1 });
    expect(stage.aws.count("UpdateService")).toBe(updates);
    expect(await stage.assetCalls()).toHaveLength(2);
  });
});

describe("collecting", () => {
  it("lets go of what is not among the last marked releases", async () => {
    await using stage = await Stage.open();
    for (const [index, release] of ["v1", "v2", "v3"].entries()) await stage.release(release, index + 1);
    expect(await stage.step("collect", "--keep", "2")).toMatchObject({ exitCode: 0 });
    expect((await stage.assetCalls()).slice(3)).toEqual([
      "unpin v1 --to s3://proff-prod-assets --region ap-northeast-1",
      "collect --keep 2 --to s3://proff-prod-assets --region ap-northeast-1",
    ]);
    await stage.release("v4", 4);
    expect(await stage.step("collect", "--keep", "2")).toMatchObject({ exitCode: 0 });
    expect((await stage.assetCalls()).slice(6).map((call) => call.split(" --to")[0])).toEqual([
      "unpin v2",
      "collect --keep 2",
    ]);
  });
});

function killAfter(stage: Stage, sleeps: number): void {
  let left = sleeps;
  stage.clock.onSleep = () => {
    left -= 1;
    if (left === 0) throw new Error("killed");
  };
}

async function twoReleases(stage: Stage, second: string): Promise<void> {
  migratesTo(stage, OLD);
  await stage.release("v1", 1);
  migratesTo(stage, second);
  await stage.release("v2", 2);
}
