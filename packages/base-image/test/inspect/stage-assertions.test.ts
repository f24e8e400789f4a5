import { describe, expect, it } from "vitest";

import { arg, expand } from "../../src/dockerfile/text.ts";
import type { ImageConfig } from "../../src/inspect/assertion.ts";
import { stageAssertions } from "../../src/inspect/stage-assertions.ts";
import { verifyImage } from "../../src/inspect/verify.ts";
import { from } from "../../src/stage/base.ts";
import { stage, type Stage } from "../../src/stage/stage.ts";

const BASE = stage("base", from("debian:13"))
  .env({ RAILS_ENV: "production", A: "1" })
  .workdir("/srv")
  .cmd(["sh"])
  .label({ team: "shop" });

const APP = stage("app", BASE)
  .workdir("app/")
  .env({ A: "2" })
  .expose(3000, "53/udp")
  .user("1000:1000")
  .entrypoint(["tini", "--"]);

const RIGHT: ImageConfig = {
  labels: { team: "shop" },
  entrypoint: ["tini", "--"],
  cmd: [],
  user: "1000:1000",
  workdir: "/srv/app",
  ports: ["3000/tcp", "53/udp"],
  env: ["PATH=/bin", "RAILS_ENV=production", "A=2"],
  history: [],
};

describe("what the instructions of a stage say", () => {
  it("is derived with that of the stages below", () => {
    expect(stageAssertions(APP).map(({ name }) => name)).toEqual([
      "USER 1000:1000",
      "WORKDIR /srv/app",
      'ENTRYPOINT ["tini","--"]',
      "CMD []",
      "ENV RAILS_ENV",
      "ENV A",
      "EXPOSE 3000/tcp",
      "EXPOSE 53/udp",
      "label team is shop",
    ]);
  });

  it("holds for an image that is so", async () => {
    expect(await failures(APP, RIGHT)).toEqual([]);
  });

  it.each<readonly [string, Partial<ImageConfig>]>([
    ["USER 1000:1000", { user: "" }],
    ["WORKDIR /srv/app", { workdir: "/srv" }],
    ['ENTRYPOINT ["tini","--"]', { entrypoint: ["tini --"] }],
    ["CMD []", { cmd: ["sh"] }],
    ["ENV A", { env: ["RAILS_ENV=production", "A=1"] }],
    ["ENV RAILS_ENV", { env: ["A=2"] }],
    ["EXPOSE 53/udp", { ports: ["3000/tcp"] }],
    ["label team is shop", { labels: {} }],
  ])("goes red on another %s, and only on that", async (name, other) => {
    expect(await failures(APP, { ...RIGHT, ...other })).toEqual([name]);
  });

  it("compares shell text with what the shell gets", async () => {
    const app = stage("app", from("debian:13")).cmd("rails server");
    expect(await failures(app, { ...RIGHT, cmd: ["/bin/bash", "-ec", "rails server"] })).toEqual([]);
    expect(await failures(app, { ...RIGHT, cmd: ["/bin/sh", "-c", "rails console"] })).toEqual(["CMD rails server"]);
  });

  it("begins with what ONBUILD left to it", () => {
    const app = stage(
      "app",
      BASE.onbuild((so) => so.user("33")),
    );
    expect(stageAssertions(app).map(({ name }) => name)).toContain("USER 33");
  });

  it("leaves out what a variable or the base image decides", () => {
    const version = arg("VERSION");
    const app = stage("app", from("debian:13"))
      .user("1000")
      .user(version)
      .workdir("below")
      .env({ A: "1" })
      .env({ A: expand`${version}` });
    expect(stageAssertions(app)).toEqual([]);
  });
});

function run(): Promise<never> {
  return Promise.reject(new Error("nothing is started for it"));
}

async function failures(app: Stage, config: ImageConfig): Promise<readonly string[]> {
  const { failed } = await verifyImage({ config, run }, stageAssertions(app), () => {});
  return failed.map(({ name }) => name);
}
