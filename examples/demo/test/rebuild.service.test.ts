import { randomBytes, randomUUID } from "node:crypto";
import { appendFile, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { lookUpServices, serviceVariable } from "@slipway/testkit";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { buildBaseImages } from "../src/docker/chain.ts";
import { baseImageCommand } from "../src/programs.ts";
import { copyOfTheApp } from "./app-copy.ts";
import { pushAndList } from "./pushed-layers.ts";

const services = lookUpServices("docker", "registry");

/** Everything that is RUN in the build of the app's image, by the stage it belongs to. */
const ALL = ["app", "assets", "bootsnap", "gems", "node_modules", "synced"];

/** The stages whose RUN steps a build has, and those of them that were not taken from the cache. */
interface Build {
  readonly known: readonly string[];
  readonly ran: readonly string[];
}

describe.skipIf(!services.available)("a rebuild of the example app's image", () => {
  const image = `slipway-rebuild:${randomUUID()}`;
  let folder: string;
  let first: Build;

  beforeAll(async () => {
    await buildBaseImages();
    folder = await copyOfTheApp();
    await writeFile(file("aws-credentials"), "[default]\n");
    first = await build();
  });

  afterAll(async () => {
    await execa("docker", ["image", "rm", "--force", image]);
    await rm(folder, { recursive: true });
  });

  it("has steps in every stage that runs something", () => {
    expect(first.known).toEqual(ALL);
  });

  it.each([
    ["nothing", [], async () => undefined],
    ["a README", [], () => change("README.md", "words")],
    ["a view", [], () => change("app/views/resumes/index.html.erb", "<!-- words -->")],
    ["a migration", [], () => change("db/migrate/20260501090000_add_nothing.rb", "# words")],
    ["a route", ["bootsnap"], () => change("config/routes.rb", "# words")],
    ["a model", ["bootsnap"], () => change("app/models/resume.rb", "# words")],
    ["a controller", ["bootsnap"], () => change("app/controllers/resumes_controller.rb", "# words")],
    ["a script", ["assets", "synced"], () => change("app/javascript/application.js", "// words")],
    ["a stylesheet", ["assets", "synced"], () => change("app/assets/stylesheets/application.scss", "// words")],
    ["the lock of the gems", ["assets", "bootsnap", "gems", "synced"], () => lengthenTheLock()],
  ])("after a change of %s runs only steps of %j", async (_what, stages, apply) => {
    await apply();
    expect((await build()).ran).toEqual(stages);
  });

  it("for a new release uploads, and runs nothing else", async () => {
    expect((await build({ release: randomUUID() })).ran).toEqual(["synced"]);
  });

  it("after a change of a model pushes less than 300 kB to a registry that has the last release", async () => {
    const registry = serviceVariable("TEST_REGISTRY");
    const repository = `slipway-rebuild-${randomUUID()}`;
    const before = await pushAndList(image, registry, `${repository}:before`);
    await change("app/models/resume.rb", "# more words");
    await build({ release: randomUUID() });
    const after = await pushAndList(image, registry, `${repository}:after`);
    const known = new Set(before.map(({ digest }) => digest));
    const pushed = after.filter(({ digest }) => !known.has(digest)).map(({ size }) => size);
    expect(pushed.length).toBeGreaterThan(0);
    expect(pushed.reduce((sum, size) => sum + size, 0)).toBeLessThan(300_000);
  });

  it("finds its Ruby compiled, though a plain docker build gives files other times", async () => {
    const plain = async (): Promise<void> => {
      await execa("find", [folder, "-not", "-type", "l", "-exec", "touch", "{}", "+"]);
      const args = ["--target", "app", "--network", "host", "--secret", `id=aws,src=${file("aws-credentials")}`];
      const release = ["ASSET_SYNC_TO=file:///tmp/store", "ASSET_SYNC_RELEASE=one"];
      const given = release.flatMap((each) => ["--build-arg", each]);
      await execa("docker", ["buildx", "build", "--load", "--tag", image, ...args, ...given, folder]);
    };
    await plain();
    await change("app/models/resume.rb", "# words");
    await plain();
    const env = ["--env", "SECRET_KEY_BASE=x", "--env", "BOOTSNAP_LOG=1"];
    const runner = ["bin/rails", "runner", "Rails.application.eager_load!"];
    const { all } = await execa("docker", ["run", "--rm", "--entrypoint", "", ...env, image, ...runner], { all: true });
    const looked = all.split("\n").filter((line) => line.includes(" /app/"));
    expect(looked.filter((line) => line.includes("revalidated"))).not.toEqual([]);
    expect(looked.filter((line) => !line.includes("revalidated"))).toEqual([]);
  });

  it("is proven to compile its assets from all they are made of", async () => {
    const complete = await prove();
    expect(complete).toMatchObject({ complete: true, differences: [] });
    expect(complete.unlisted).toContain("config/routes.rb");
    const definition = await readFile(file("image.config.ts"), "utf8");
    const lacking = "copyAssetInputs(assetInputs(survey).filter(({ path }) => path !== 'app/javascript'))";
    await writeFile(file("image.config.ts"), definition.replace("copyAssetInputs(assetInputs(survey))", lacking));
    const incomplete = await prove();
    expect(incomplete).toMatchObject({ exitCode: 1, complete: false });
    expect(incomplete.unlisted).toContain("app/javascript/application.js");
  });

  /** The summary of `prove-assets`. */
  async function prove(): Promise<{ readonly complete: boolean; readonly unlisted: readonly string[] }> {
    const [program = "", ...words] = baseImageCommand();
    const flags = ["--config", file("image.config.ts"), "--json", "prove-assets", "--network", "host"];
    const { stdout } = await execa(program, [...words, ...flags], { reject: false });
    return JSON.parse(stdout.split("\n").at(-1) ?? "");
  }

  function file(path: string): string {
    return join(folder, path);
  }

  /** A lock can have no comments: blank lines, whose ends no earlier build has seen in this order. */
  async function lengthenTheLock(): Promise<void> {
    await appendFile(
      file("Gemfile.lock"),
      Array.from(randomBytes(64), (byte) => (byte < 128 ? "\n" : "\r\n")).join(""),
    );
  }

  /** Adds a line that no earlier build has seen. */
  async function change(path: string, line: string): Promise<void> {
    await appendFile(file(path), `\n${line.replace("words", `words ${randomUUID()}`)}\n`);
  }

  async function build({ release = "one" } = {}): Promise<Build> {
    const [program = "", ...words] = baseImageCommand();
    const flags = [
      `--config ${file("image.config.ts")} --json build --tag ${image} --network host`,
      `--secret id=aws,src=${file("aws-credentials")}`,
      `--build-arg ASSET_SYNC_TO=file:///tmp/store --build-arg ASSET_SYNC_RELEASE=${release}`,
    ];
    const { stdout } = await execa(program, [...words, ...flags.flatMap((each) => each.split(" "))]);
    const runs = stdout.split("\n").flatMap((line) => {
      const event: { readonly type: string; readonly name?: string; readonly cached?: boolean } = JSON.parse(line);
      const stage = /^\[(\S+) +\d+\/\d+\] RUN/.exec(event.name ?? "")?.[1];
      return event.type === "step-finished" && stage !== undefined ? [{ stage, cached: event.cached === true }] : [];
    });
    const stagesOf = (steps: typeof runs): readonly string[] =>
      [...new Set(steps.map(({ stage }) => stage))].toSorted();
    return { known: stagesOf(runs), ran: stagesOf(runs.filter(({ cached }) => !cached)) };
  }
});
