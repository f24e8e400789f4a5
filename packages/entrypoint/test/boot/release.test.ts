import { startProgram, tempTree } from "@slipway/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { buildProgram, type BuiltProgram } from "../bundle.ts";
import { startHttpServer } from "../http-server.ts";

let built: BuiltProgram;
beforeAll(async () => {
  built = await buildProgram();
});
afterAll(async () => built[Symbol.asyncDispose]());

const DIGEST = `sha256:${"0123456789abcdef".repeat(4)}`;
const OTHER = `sha256:${"fedcba9876543210".repeat(4)}`;

interface Call {
  readonly args?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly receipt?: boolean;
  readonly tasks?: readonly object[];
  readonly verb?: "run" | "explain";
}

/** Starts a container that migrates, beside a metadata server that gives one answer after the other. */
async function call(answers: readonly (object | number)[], { args = [], env = {}, verb = "run", ...more }: Call = {}) {
  let asked = 0;
  await using metadata = await startHttpServer((_, response) => {
    const answer = answers[Math.min(asked, answers.length - 1)] ?? 404;
    asked += 1;
    if (typeof answer === "number") response.writeHead(answer).end();
    else response.end(JSON.stringify(answer));
  });
  const receipt = JSON.stringify({
    format: "slipway-receipt/1",
    release: "of-the-receipt",
    target: "s3://b",
    files: {},
  });
  await using folder = await tempTree({ "receipt.json": receipt });
  const { tasks = [{ task: "migrate", run: ["true"], election: `file://${folder.path}/election` }] } = more;
  const definition = { ...(more.receipt === true && { receipt: "receipt.json" }), tasks };
  await folder.write({ "entrypoint.json": JSON.stringify(definition) });
  const own = { PATH: process.env["PATH"], ECS_CONTAINER_METADATA_URI_V4: `${metadata.origin}/v4/id`, ...env };
  const words = [built.file, verb, "--json", ...args, "--", "true"];
  await using program = startProgram(process.execPath, words, { cwd: folder.path, env: own });
  const { code } = await program.ended;
  const last = JSON.parse(program.stdout().trimEnd().split("\n").at(-1) ?? "") as { readonly release: unknown };
  return { code, asked, release: last.release, stdout: program.stdout() };
}

const IMAGE = { Image: "registry.example:5000/shop:3f9c2ab", ImageID: OTHER, ImageDigest: DIGEST };

describe("the release", () => {
  it.each([
    ["--release", { args: ["--release", "r1"], env: { ENTRYPOINT_RELEASE: "r2" }, receipt: true }, "r1", 0],
    ["ENTRYPOINT_RELEASE", { env: { ENTRYPOINT_RELEASE: "r2" }, receipt: true }, "r2", 0],
    ["the receipt", { receipt: true }, "of-the-receipt", 0],
    ["the task metadata of ECS", {}, DIGEST, 1],
  ] as const)("is that of %s before all others that follow", async (_, more, release, asked) => {
    expect(await call([IMAGE], more)).toMatchObject({ code: 0, release, asked });
  });

  it.each([
    ["the digest it was pulled by", { Image: `shop@${DIGEST}`, ImageID: OTHER }, DIGEST],
    ["its id", { Image: "shop:3f9c2ab", ImageID: OTHER }, OTHER],
    ["its tag", { Image: "registry.example:5000/shop:3f9c2ab", ImageID: "" }, "3f9c2ab"],
    ["no tag that moves on", { Image: "shop:latest" }, null],
    ["no registry's port", { Image: "registry.example:5000/shop" }, null],
    ["nothing", {}, null],
  ])("of an image is %s", async (_, answer, release) => {
    expect(await call([answer])).toMatchObject({ code: 0, release });
  });

  it("is asked for again while ECS says `not now`", async () => {
    expect(await call([429, 500, IMAGE])).toMatchObject({ code: 0, release: DIGEST, asked: 3 });
  });

  it("is missing when ECS never says it, with a warning", async () => {
    const { code, release, stdout } = await call([404]);
    expect({ code, release }).toEqual({ code: 0, release: null });
    expect(stdout).toContain("the task metadata of ECS does not name the release: answered 404");
  });

  it("is not asked for where nothing is elected", async () => {
    expect(await call([IMAGE], { tasks: [] })).toMatchObject({ code: 0, release: null, asked: 0 });
  });

  it("is not asked for by explain, which says who will be", async () => {
    expect(await call([IMAGE], { verb: "explain" })).toMatchObject({ code: 0, release: null, asked: 0 });
    expect(await call([IMAGE], { verb: "explain", args: ["--release", "r1"] })).toMatchObject({
      release: { id: "r1", from: "--release" },
    });
  });
});
