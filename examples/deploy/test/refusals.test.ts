import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { runSync } from "@slipway/testkit";
import { describe, expect, it, vi } from "vitest";

import { ERRORS } from "../src/errors.ts";
import { revision, Stage, type Ended } from "./stage.ts";

interface Refused {
  readonly what: string;
  readonly code: string;
  readonly exitCode: number;
  readonly says: string;
  readonly run: (stage: Stage) => Promise<Ended>;
}

const REFUSALS: readonly Refused[] = [
  {
    what: "another family's revision",
    code: "DEPLOY_USAGE",
    exitCode: 2,
    says: "is no revision of proff-prod-web",
    run: (stage) => stage.step("revision", "web", revision("pdf", 1)),
  },
  {
    what: "an empty revision, as an orb leaves it that failed quietly",
    code: "DEPLOY_USAGE",
    exitCode: 2,
    says: '"" is no revision of proff-prod-web',
    run: (stage) => stage.step("revision", "web", ""),
  },
  {
    what: "a service that is none",
    code: "DEPLOY_USAGE",
    exitCode: 2,
    says: "wob is no service of prod",
    run: (stage) => stage.step("revision", "wob", revision("web", 1)),
  },
  {
    what: "an image without a registry",
    code: "DEPLOY_USAGE",
    exitCode: 2,
    says: "app:v1 is no image",
    run: (stage) =>
      stage.step("draft", "--environment", "prod", "--release", "v2", "--image", "app=app:v1", "--image", "pdf=app:v1"),
  },
  {
    what: "a draft without one of the images",
    code: "DEPLOY_USAGE",
    exitCode: 2,
    says: "--image pdf=… is missing",
    run: (stage) => stage.step("draft", "--environment", "prod", "--release", "v2", "--image", "app=r/app:v1"),
  },
  {
    what: "an image that was not pushed",
    code: "DEPLOY_IMAGE_MISSING",
    exitCode: 1,
    says: "r/app:v9 is not there",
    run: (stage) =>
      stage.step(
        "draft",
        "--environment",
        "prod",
        "--release",
        "v2",
        "--image",
        "app=r/app:v9",
        "--image",
        "pdf=r/app:v9",
      ),
  },
  {
    what: "a release file that is not there",
    code: "DEPLOY_DRAFT_INVALID",
    exitCode: 2,
    says: "no such file",
    run: (stage) => stage.deploy("migrate", "--file", "nowhere.json"),
  },
  {
    what: "a release file that is something else",
    code: "DEPLOY_DRAFT_INVALID",
    exitCode: 2,
    says: "format is undefined",
    run: (stage) => stage.deploy("migrate", "--file", join(import.meta.dirname, "../package.json")),
  },
  {
    what: "a receipt that is none",
    code: "DEPLOY_DRAFT_INVALID",
    exitCode: 2,
    says: "is not one that asset-sync writes",
    run: async (stage) => stage.step("receipt", await stage.write("none.json", null)),
  },
  {
    what: "a receipt of another build",
    code: "DEPLOY_DRAFT_INVALID",
    exitCode: 2,
    says: "is of other, expected v1",
    run: async (stage) =>
      stage.step(
        "receipt",
        await stage.write("other.json", { format: "slipway-receipt/1", release: "other", target: "s3://b" }),
      ),
  },
  {
    what: "a release that can be no part of a tag",
    code: "DEPLOY_USAGE",
    exitCode: 2,
    says: 'Release "../v2": expected',
    run: (stage) =>
      stage.step(
        "draft",
        "--environment",
        "prod",
        "--release",
        "../v2",
        "--image",
        "app=r/app:v2",
        "--image",
        "pdf=r/pdf:v2",
      ),
  },
  {
    what: "an environment by a name that every object has",
    code: "commander.invalidArgument",
    exitCode: 2,
    says: "Expected dev or prod",
    run: (stage) => stage.deploy("releases", "--environment", "toString"),
  },
  {
    what: "an image by such a name",
    code: "DEPLOY_DRAFT_INCOMPLETE",
    exitCode: 2,
    says: "has no image toString",
    run: (stage) => stage.step("image", "toString"),
  },
  {
    what: "a release file with a revision that is no text",
    code: "DEPLOY_DRAFT_INVALID",
    exitCode: 2,
    says: "revisions.web is 5",
    run: async (stage) =>
      stage.deploy(
        "migrate",
        "--file",
        await stage.write("other.json", { ...(await stage.draft()), revisions: { web: 5 } }),
      ),
  },
  {
    what: "a release file with half a deployment",
    code: "DEPLOY_DRAFT_INVALID",
    exitCode: 2,
    says: 'deployments.web is {"id":"1"}',
    run: async (stage) =>
      stage.deploy(
        "verify",
        "--file",
        await stage.write("other.json", { ...(await stage.draft()), deployments: { web: { id: "1" } } }),
      ),
  },
  {
    what: "a verification before the update",
    code: "DEPLOY_DRAFT_INCOMPLETE",
    exitCode: 2,
    says: "`deploy update` has not run",
    run: (stage) => stage.step("verify"),
  },
  {
    what: "a service that Terraform has not made",
    code: "DEPLOY_SERVICE_MISSING",
    exitCode: 1,
    says: "Cluster proff-prod has no service web",
    run: (stage) => {
      stage.aws.missing.add("web");
      return stage.step("migrate");
    },
  },
  {
    what: "a task for which there is no room",
    code: "DEPLOY_TASK_REFUSED",
    exitCode: 1,
    says: "Capacity is unavailable",
    run: (stage) => {
      stage.aws.hasCapacity = false;
      return stage.step("migrate");
    },
  },
  {
    what: "a marker that somebody else wrote",
    code: "DEPLOY_MARKER_INVALID",
    exitCode: 1,
    says: "/proff-releases/prod:1 is not a release marker",
    run: (stage) => {
      stage.aws.parameters.push("{}");
      return stage.deploy("releases", "--environment", "prod");
    },
  },
  {
    what: "a rollback without any release",
    code: "DEPLOY_MARKER_MISSING",
    exitCode: 2,
    says: "nothing to go back to",
    run: (stage) => stage.rollback(),
  },
];

describe("the deploy program", () => {
  it.each(REFUSALS)("refuses $what ($code)", async ({ code, exitCode, says, run }) => {
    await using stage = await Stage.open();
    await stage.prepare("v1", 1);
    expect(await run(stage)).toMatchObject({ code, exitCode, message: expect.stringContaining(says) });
    expect(stage.aws.count("UpdateService")).toBe(0);
  });

  it("marks nothing when the assets cannot be pinned", async () => {
    await using stage = await Stage.open();
    await stage.prepare("v1", 1);
    for (const verb of ["migrate", "update", "verify"]) await stage.step(verb);
    vi.stubEnv("ASSET_SYNC_EXIT", "1");
    expect(await stage.step("mark")).toMatchObject({ code: "DEPLOY_ASSETS_FAILED", exitCode: 1 });
    expect(stage.markers()).toEqual([]);
  });

  it("lists the marked releases, newest first", async () => {
    await using stage = await Stage.open();
    await stage.release("v1", 1);
    await stage.release("v2", 2);
    await stage.deploy("releases", "--environment", "prod");
    expect(stage.printed.map((line) => line.split("  ")[1])).toEqual(["v2", "v1"]);
  });

  it.each([
    { args: ["--help"], exitCode: 0, says: "rollback" },
    { args: ["verfy"], exitCode: 2, says: "(Did you mean verify?)" },
    { args: ["verify", "--file", "x", "--deadlin", "9"], exitCode: 2, says: "(Did you mean --deadline?)" },
    { args: ["rollback", "--environment", "staging"], exitCode: 2, says: "Expected dev or prod" },
    { args: ["collect", "--file", "x", "--keep", "0"], exitCode: 2, says: "Expected a whole number above 0" },
    { args: ["image", "app", "--file", "nowhere.json"], exitCode: 2, says: "[DEPLOY_DRAFT_INVALID]" },
  ])("as a process: $args", ({ args, exitCode, says }) => {
    const main = join(import.meta.dirname, "../src/main.ts");
    const { status, stdout, stderr } = runSync(process.execPath, [main, ...args]);
    expect(`${stdout}${stderr}`).toContain(says);
    expect(status).toBe(exitCode);
  });

  it("has a test for every code", () => {
    const tests = readdirSync(import.meta.dirname)
      .filter((name) => name.endsWith(".test.ts"))
      .map((name) => readFileSync(join(import.meta.dirname, name), "utf8"))
      .join("\n");
    expect(Object.keys(ERRORS).filter((code) => !tests.includes(`"${code}"`))).toEqual([]);
  });
});
